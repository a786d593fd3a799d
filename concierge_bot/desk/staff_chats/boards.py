"""The board of a staff chat: one silent, pinned message that lists the open requests, and is edited as they change.

It is sent once there is something to say, and edited from then on. Where it was deleted it is sent anew; where the bot
may not pin it, it stands in the chat like any other message.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from markupsafe import Markup
from sqlalchemy import ColumnElement, delete, func
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from concierge_bot.desk.cards import cards, state_texts
from concierge_bot.desk.context import Desk
from concierge_bot.desk.people import staff
from concierge_bot.desk.queues import outbox
from concierge_bot.desk.queues.policies import ALWAYS, SILENT
from concierge_bot.desk.requests import board_changes
from concierge_bot.i18n import Words, words
from concierge_bot.screens import Screen, joined
from storage.engine.statements import write_new
from storage.tables.groups import Board
from storage.tables.people import Estate, StaffChat
from storage.tables.queues import OutboxMessage, OutboxState, Timer, Urgency
from storage.tables.requests import Request, RequestState, is_unfinished
from storage.tables.rows import row_id

READER = "board"
"""The reader of a board's messages in the outbox, together with its number."""
OF_A_BOARD = f"{READER}:"
LISTED = 25
"""The most requests that it names; the others are counted."""

Place = tuple[int, int]
"""A group, and the topic in it; 0 for the group itself."""


def fire(desk: Desk, timer: Timer) -> None:
    """Updates the boards of an estate."""
    chats: dict[Place, StaffChat] = {}
    of_estate = select(StaffChat).where(StaffChat.estate_id == timer.subject_id).order_by(col(StaffChat.id))
    for chat in desk.session.exec(of_estate):
        chats.setdefault((chat.chat_id, chat.thread_id or 0), chat)
    teams: dict[Place, list[str]] = {place: [] for place in chats}
    open_here = (col(Request.estate_id) == timer.subject_id, is_unfinished())
    for team in desk.session.exec(select(Request.team).where(*open_here).distinct()):
        found = staff.chat_of_team(desk, timer.subject_id, team)
        if found is not None:
            teams[found.chat_id, found.thread_id or 0].append(team)
    for place, chat in chats.items():
        _show(desk, place, _screen(desk, [*open_here, col(Request.team).in_(teams[place])], words(chat.language)))
    _take_down_elsewhere(desk)


def look_at_all(desk: Desk) -> None:
    """Sets the timers that update the boards of all estates."""
    for estate in desk.session.exec(select(Estate)):
        board_changes.note(desk, row_id(estate))


def sent(desk: Desk, outbox_id: int, reader: str, method: str, message_id: int | None) -> None:
    """Records a board as sent: from now on it is edited, also to show changes made while it was in flight."""
    board = _of_reader(desk, reader)
    if board is None or method != "sendMessage" or message_id is None:
        return
    board.message_id = message_id
    row = desk.session.get_one(OutboxMessage, outbox_id, populate_existing=True)
    if row.state == OutboxState.WAITING:
        row.method, row.params, row.sounds_until = "editMessageText", _editing(row.params, message_id), None
    desk.session.flush()
    _pin(desk, board)


def gone(desk: Desk, outbox_id: int, reader: str) -> None:
    """Turns the edit of a deleted board into a new message."""
    row = desk.session.get_one(OutboxMessage, outbox_id, populate_existing=True, with_for_update=True)
    board = _of_reader(desk, reader)
    if row.state != OutboxState.WAITING:
        return
    if board is None:
        row.state = OutboxState.STOPPED
    else:
        board.message_id = None
        row.method, row.params, row.sounds_until = "sendMessage", _sending(row.params, board), desk.now
    desk.session.flush()


def rights_changed(desk: Desk, chat_id: int) -> None:
    """Pins the boards of a group again: the bot's rights have changed there, and may include it now."""
    for board in desk.session.exec(select(Board).where(Board.chat_id == chat_id)).all():
        if board.message_id is not None:
            _pin(desk, board)


def moved(desk: Desk, old_chat_id: int, new_chat_id: int) -> None:
    """Deletes the boards of a group's old id, and sets the timers that send them in the new one."""
    lost(desk, old_chat_id)
    for chat in staff.chats_at(desk, new_chat_id):
        board_changes.note(desk, chat.estate_id)


def lost(desk: Desk, chat_id: int) -> None:
    """Deletes the boards of a group that the bot is not in any more."""
    for board in desk.session.exec(select(Board).where(Board.chat_id == chat_id)).all():
        _stop(desk, board)
        desk.session.delete(board)
    desk.session.flush()


def _show(desk: Desk, place: Place, screen: Screen | None) -> None:
    """Writes a board's message where its text has changed; an empty board is not begun."""
    chat_id, thread_id = place
    if screen is not None:
        write_new(desk.session, Board, chat_id=chat_id, thread_id=thread_id)
    board = _held(desk, select(Board).where(Board.chat_id == chat_id, Board.thread_id == thread_id))
    if board is None:
        return
    screen = screen or _empty(desk, chat_id)
    said = hashlib.sha256(str(screen.text).encode()).hexdigest()[:32]
    if board.said == said:
        return
    board.said = said
    desk.session.flush()
    if board.message_id is not None:
        outbox.change(desk, chat_id, board.message_id, screen, Urgency.ROUTINE, reader=_reader(board))
    else:
        params = _sending(screen.params(), board)
        outbox.say_or_replace(desk, chat_id, params, Urgency.ROUTINE, policy=SILENT, reader=_reader(board))


def _held(desk: Desk, here: SelectOfScalar[Board]) -> Board | None:
    """Locks a board and its waiting messages until the unit of work ends; None where there is no board.

    The messages are locked first: delivery, too, locks them before it records that the board was sent.
    """
    board = desk.session.exec(here).one_or_none()
    if board is None:
        return None
    desk.session.exec(_waiting(board).with_for_update()).all()
    desk.session.refresh(board, with_for_update=True)
    return board


def _waiting(board: Board) -> SelectOfScalar[OutboxMessage]:
    found = select(OutboxMessage).where(OutboxMessage.chat_id == board.chat_id, OutboxMessage.reader == _reader(board))
    return found.where(OutboxMessage.state == OutboxState.WAITING)


def _take_down_elsewhere(desk: Desk) -> None:
    """Deletes the boards in places where no team works any more."""
    places = {(chat.chat_id, chat.thread_id or 0) for chat in desk.session.exec(select(StaffChat))}
    for board in desk.session.exec(select(Board)).all():
        if (board.chat_id, board.thread_id) not in places:
            _stop(desk, board)
            if board.message_id is not None:
                gone = {"message_id": board.message_id}
                outbox.call(desk, board.chat_id, "deleteMessage", gone, Urgency.ROUTINE, policy=ALWAYS, reader=READER)
            desk.session.exec(delete(Board).where(col(Board.id) == board.id))


def _stop(desk: Desk, board: Board) -> None:
    waiting = select(OutboxMessage).where(
        OutboxMessage.reader == _reader(board), OutboxMessage.state == OutboxState.WAITING
    )
    for row in desk.session.exec(waiting.with_for_update()).all():
        row.state = OutboxState.STOPPED
    desk.session.flush()


def _pin(desk: Desk, board: Board) -> None:
    outbox.call(
        desk,
        board.chat_id,
        "pinChatMessage",
        {"message_id": board.message_id, "disable_notification": True},
        Urgency.ROUTINE,
        policy=SILENT,
        reader=READER,
    )


def _screen(desk: Desk, which: list[ColumnElement[bool]], words: Words) -> Screen | None:
    """Returns the board's text: open requests first, then urgent ones, then the oldest; None where there are none."""
    count = desk.session.exec(select(func.count()).select_from(Request).where(*which)).one()
    if not count:
        return None
    order = (col(Request.state) != RequestState.OPEN, col(Request.urgent).desc(), col(Request.id))
    named = desk.session.exec(select(Request).where(*which).order_by(*order).limit(LISTED)).all()
    heading = words.plural_html("📌 <b>%(count)s request is open</b>", "📌 <b>%(count)s requests are open</b>", count)
    unclaimed = [request for request in named if request.state == RequestState.OPEN]
    held = [request for request in named if request.state != RequestState.OPEN]
    lines = [
        heading,
        *_section(desk, words.html("🟡 <b>Nobody has taken these</b>"), unclaimed, words),
        *_section(desk, words.context_html("heading", "🔵 <b>In hand</b>"), held, words),
        *_more(words, count),
    ]
    return Screen(joined(lines))


def _section(desk: Desk, heading: Markup, found: Iterable[Request], words: Words) -> Iterator[Markup]:
    lines = [_line(desk, request, words) for request in found]
    if lines:
        yield from (Markup(""), heading, *lines)


def _line(desk: Desk, request: Request, words: Words) -> Markup:
    line = words.html(
        "%(label)s: %(state)s",
        label=cards.linked_label(desk, request, words),
        state=state_texts.in_list(desk, request, words),
    )
    return Markup("🚨 %s") % line if request.urgent else line


def _more(words: Words, count: int) -> Iterator[Markup]:
    if count > LISTED:
        yield words.plural_html("… and %(count)s more: /open", "… and %(count)s more: /open", count - LISTED)


def _empty(desk: Desk, chat_id: int) -> Screen:
    chats = staff.chats_at(desk, chat_id)
    return Screen(words(chats[0].language).html("📌 <b>Nothing is open.</b>"))


def _of_reader(desk: Desk, reader: str) -> Board | None:
    return desk.session.get(Board, int(reader.partition(":")[2]), populate_existing=True, with_for_update=True)


def _reader(board: Board) -> str:
    return f"{OF_A_BOARD}{board.id}"


def _editing(params: dict[str, Any], message_id: int) -> dict[str, Any]:
    return {key: value for key, value in params.items() if key != "message_thread_id"} | {"message_id": message_id}


def _sending(params: dict[str, Any], board: Board) -> dict[str, Any]:
    found = {key: value for key, value in params.items() if key != "message_id"}
    return found | ({"message_thread_id": board.thread_id} if board.thread_id else {})
