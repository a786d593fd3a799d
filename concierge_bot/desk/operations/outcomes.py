"""Outcomes of deliveries: records each, and tells somebody of an undeliverable message."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, update
from sqlmodel import col, or_

from concierge_bot.desk.cards import card_places
from concierge_bot.desk.context import Desk
from concierge_bot.desk.fulfilment import owner_notices
from concierge_bot.desk.menus import command_menus
from concierge_bot.desk.operations import undeliverable
from concierge_bot.desk.people import callers
from concierge_bot.desk.queues import outbox
from concierge_bot.desk.queues.deliveries import (
    NOW,
    Barred,
    Moved,
    Outcome,
    OutgoingMessage,
    Reason,
    Resend,
    Retry,
    Sent,
    TooOld,
    TopicGone,
    Undeliverable,
)
from concierge_bot.desk.staff_chats import boards, held_back, staff_chats
from concierge_bot.desk.staff_chats.held_back import Passed
from storage.engine.notices import Queue, wake
from storage.engine.statements import run_all
from storage.tables.queues import Card, OutboxMessage, OutboxState

SENT = (
    update(OutboxMessage)
    .where(
        col(OutboxMessage.id) == bindparam("row_id"),
        col(OutboxMessage.version) == bindparam("as_sent"),
        or_(OutboxMessage.state == OutboxState.WAITING, OutboxMessage.state == OutboxState.STOPPED),
    )
    .values(state=OutboxState.SENT, sent_at=NOW, message_id=bindparam("message"), error=None)
)
CARD_SENT = (
    update(Card)
    .where(col(Card.id) == bindparam("its_id"), col(Card.chat_id) == bindparam("its_chat"))
    .values(message_id=bindparam("message"))
)


def note_all(desk: Desk, outcomes: Iterable[Outcome]) -> None:
    """Records the outcomes of several messages."""
    sent = []
    for outcome in outcomes:
        if isinstance(outcome, Sent):
            sent.append(outcome)
        else:
            note(desk, outcome)
    _sent(desk, sent)


def note(desk: Desk, outcome: Outcome) -> None:
    """Records the outcome of a message."""
    match outcome:
        case Sent():
            _sent(desk, [outcome])
        case Retry(outgoing, at, error):
            _change(desk, outgoing, not_before=at, error=error, attempts=OutboxMessage.attempts + 1)
        case Barred():
            _barred(desk, outcome)
        case Resend(outgoing):
            _anew(desk, outgoing)
        case TopicGone() | TooOld():
            _otherwise(desk, outcome)
        case Moved(outgoing, new_chat_id):
            move(desk, outgoing.chat_id, new_chat_id)
        case Undeliverable():
            _dead(desk, outcome)


def set_aside(desk: Desk, outgoing: OutgoingMessage, error: str) -> None:
    """Sets a message aside whose outcome could not be recorded: `concierge doctor` shows it."""
    _change(desk, outgoing, state=OutboxState.DEAD, error=error)


def move(desk: Desk, old_chat_id: int, new_chat_id: int) -> None:
    """Moves the waiting messages, the cards and the boards of a group to its new id."""
    desk.session.exec(
        update(OutboxMessage)
        .where(col(OutboxMessage.chat_id) == old_chat_id, col(OutboxMessage.state) == OutboxState.WAITING)
        .values(chat_id=new_chat_id)
    )
    card_places.chat_moved(desk, old_chat_id, new_chat_id)
    boards.moved(desk, old_chat_id, new_chat_id)
    wake(desk.session, Queue.OUTBOX)


def _sent(desk: Desk, outcomes: list[Sent]) -> None:
    """Records messages as sent. One that changed while in flight keeps waiting, now as an edit of the sent one.

    One that was stopped while in flight was sent all the same. An edit does not set the card's message: meanwhile the
    card may have been replaced. Rows are updated in the order in which use cases write them: on PostgreSQL,
    transactions that lock the same rows in different orders would deadlock.
    """
    rows: list[dict[str, object]] = []
    of_cards: list[dict[str, object]] = []
    for outcome in sorted(outcomes, key=lambda outcome: outcome.outgoing.row_id):
        outgoing, message_id = outcome.outgoing, outcome.message_id
        rows.append({"row_id": outgoing.row_id, "as_sent": outgoing.version, "now": desk.now, "message": message_id})
        if message_id is not None and outgoing.card_id is not None and outgoing.edits is None:
            of_cards.append({"its_id": outgoing.card_id, "its_chat": outgoing.chat_id, "message": message_id})
    run_all(desk.session, SENT, rows)
    run_all(desk.session, CARD_SENT, of_cards)
    for outcome in outcomes:
        outgoing = outcome.outgoing
        if outgoing.reader.startswith(boards.OF_A_BOARD):
            boards.sent(desk, outgoing.row_id, outgoing.reader, outgoing.method, outcome.message_id)
    held_back.let_through(desk, [_passed(outcome.outgoing) for outcome in outcomes if outcome.outgoing.chat_id < 0])


def _change(desk: Desk, outgoing: OutgoingMessage, **values: Any) -> None:
    desk.session.exec(
        update(OutboxMessage)
        .where(col(OutboxMessage.id) == outgoing.row_id, col(OutboxMessage.state) == OutboxState.WAITING)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _anew(desk: Desk, outgoing: OutgoingMessage) -> None:
    if outgoing.reader.startswith(boards.OF_A_BOARD):
        boards.gone(desk, outgoing.row_id, outgoing.reader)
    else:
        _change_card(desk, outgoing, message_id=None)


def _change_card(desk: Desk, outgoing: OutgoingMessage, **values: Any) -> None:
    if outgoing.card_id is not None:
        desk.session.exec(
            update(Card)
            .where(col(Card.id) == outgoing.card_id, col(Card.chat_id) == outgoing.chat_id)
            .values(**values)
            .execution_options(synchronize_session=False)
        )


def _passed(outgoing: OutgoingMessage) -> Passed:
    """Returns the call that passed: a card that was there before was edited, whatever its row says."""
    method = (
        outgoing.method if outgoing.card_id is None else "sendMessage" if outgoing.edits is None else "editMessageText"
    )
    return Passed(outgoing.chat_id, method, outgoing.params)


def _row(desk: Desk, outgoing: OutgoingMessage) -> OutboxMessage | None:
    """Returns the current row of a message; None where it does not wait any more."""
    row = desk.session.get_one(OutboxMessage, outgoing.row_id, populate_existing=True)
    return row if row.state == OutboxState.WAITING else None


def _topic_gone(desk: Desk, outgoing: OutgoingMessage) -> None:
    row = _row(desk, outgoing)
    if row is not None:
        held_back.topic_gone(desk, row)


def _barred(desk: Desk, outcome: Barred) -> None:
    """Holds a barred message back. In a group without a team it is undeliverable: nobody would remove the cause."""
    row = _row(desk, outcome.outgoing)
    if row is not None and not held_back.hold_back(desk, row, outcome.cause, outcome.error, outcome.at):
        _dead(desk, Undeliverable(outcome.outgoing, Reason.REFUSED, outcome.error))


def _otherwise(desk: Desk, outcome: TopicGone | TooOld) -> None:
    if isinstance(outcome, TopicGone):
        _topic_gone(desk, outcome.outgoing)
    else:
        _too_old(desk, outcome.outgoing)


def _too_old(desk: Desk, outgoing: OutgoingMessage) -> None:
    """Edits a message that is too old to be deleted to say that it is outdated; where that cannot be, it stays."""
    row = _row(desk, outgoing)
    if row is not None and not owner_notices.too_old_to_delete(desk, row):
        row.state = OutboxState.SENT
    desk.session.flush()


def _dead(desk: Desk, outcome: Undeliverable) -> None:
    row = _row(desk, outcome.outgoing)
    if row is None:
        return
    # Where the bot may not pin a board, it does without.
    row.state = OutboxState.STOPPED if row.reader == boards.READER else OutboxState.DEAD
    row.error = f"{outcome.reason}: {outcome.error}"
    desk.session.flush()
    if outcome.reason is Reason.BLOCKED and row.chat_id > 0:
        callers.mark_blocked(desk, row.chat_id)
        desk.session.flush()
    if outcome.reason is Reason.CHAT_GONE:
        staff_chats.lost(desk, row.chat_id)
    if row.chat_id == outbox.THE_BOT_ITSELF:
        command_menus.not_told(desk, row.reader)
    undeliverable.tell_somebody(desk, row)
