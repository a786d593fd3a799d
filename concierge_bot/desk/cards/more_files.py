"""The files that were not passed on unasked: sent on one tap to whoever taps, in private where the bot may write."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import or_
from sqlmodel import col, select

from concierge_bot.desk.cards import attachments, card_texts, cards
from concierge_bot.desk.cards.readers import ReaderKind
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.requests import request_rights
from concierge_bot.screens import Reply, Screen, toast
from storage.tables.people import Person
from storage.tables.queues import Card, OutboxMessage, OutboxState
from storage.tables.requests import Request

ONE_TAP = timedelta(minutes=1)
"""The span in which a second tap is one by mistake."""


def show(desk: Desk, caller: Caller, request_id: int) -> Reply:
    """Sends the other files of a request to the caller, who may claim it; beneath the card where they have no chat."""
    person, request = request_rights.require_team(desk, caller, request_id)
    say = caller.words
    count = len(attachments.rest(desk, request))
    if not count:
        return toast(say.text("You have everything that came with #%(number)s.", number=request.id))
    team_card = cards.of_reader(desk, request, ReaderKind.TEAM)
    if person.reachable:
        return _in_private(desk, caller, request, person, count)
    if team_card is None:
        return toast(say.text("Please open our private chat first, then tap again."), alert=True)
    return _beneath(desk, caller, request, team_card)


def _in_private(desk: Desk, caller: Caller, request: Request, person: Person, count: int) -> Reply:
    say, reader = caller.words, f"{attachments.ON_A_TAP}:{person.id}"
    if not _are_on_their_way(desk, request, reader):
        label = card_texts.label(desk, request, say)
        line = say.plural_html(
            "📎 %(label)s: %(count)s more attachment", "📎 %(label)s: %(count)s more attachments", count, label=label
        )
        attachments.send_rest_to(desk, request, person, Screen(line), reader)
    return toast(say.text("I am sending them to you in our private chat."))


def _beneath(desk: Desk, caller: Caller, request: Request, card: Card) -> Reply:
    if not _are_on_their_way(desk, request, attachments.ON_A_TAP):
        attachments.send_rest_beneath(desk, request, card)
    return toast(caller.words.text("I am sending them here, after anything more urgent."))


def _are_on_their_way(desk: Desk, request: Request, reader: str) -> bool:
    """Tells whether files of a request wait for the same place, or went there a moment ago."""
    waiting = select(OutboxMessage.id).where(
        OutboxMessage.subject_kind == request.subject.kind,
        OutboxMessage.subject_id == request.id,
        or_(
            col(OutboxMessage.state) == OutboxState.WAITING,
            col(OutboxMessage.created_at) > desk.now - ONE_TAP,
        ),
        OutboxMessage.reader == reader,
    )
    return desk.session.exec(waiting.limit(1)).first() is not None
