"""Changes in groups: people join and leave, the bot is added or removed, a group gets a new id."""

from __future__ import annotations

from dataclasses import dataclass, replace

from concierge_bot.desk.cards import chat_troubles
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.departures import memberships
from concierge_bot.desk.operations import outcomes
from concierge_bot.desk.people import callers, staff
from concierge_bot.desk.staff_chats import boards, held_back, staff_chats
from concierge_bot.screens import NOTHING, Reply


@dataclass(frozen=True)
class Newcomer:
    """A person who joined a group."""

    telegram_id: int
    given_name: str
    surname: str
    username: str = ""


def joined(desk: Desk, caller: Caller, newcomers: list[Newcomer]) -> Reply:
    """Enrols people who joined a staff chat as staff."""
    for chat in staff.chats_at(desk, caller.sender.chat_id)[:1]:
        for newcomer in newcomers:
            sender = replace(
                caller.sender,
                telegram_id=newcomer.telegram_id,
                given_name=newcomer.given_name,
                surname=newcomer.surname,
                username=newcomer.username,
            )
            staff.enrol(desk, chat, sender)
    return NOTHING


def left(desk: Desk, caller: Caller, telegram_id: int) -> Reply:
    """Ends the membership of somebody who left a staff chat, and releases their claims to the team."""
    memberships.end(desk, caller.sender.chat_id, telegram_id)
    return NOTHING


def bot_changed(desk: Desk, caller: Caller, *, is_gone: bool, is_new: bool) -> Reply:
    """Handles a change of the bot: blocked or unblocked in private; in a group added, removed or given rights."""
    chat_id = caller.sender.chat_id
    if caller.sender.private:
        if is_gone:
            callers.mark_blocked(desk, chat_id)
    elif is_gone:
        staff_chats.lost(desk, chat_id)
    elif is_new:
        staff_chats.offer(desk, caller)
    else:
        held_back.try_again(desk, chat_id)
        boards.rights_changed(desk, chat_id)
        chat_troubles.seen_to(desk, chat_id)
    return NOTHING


def topic_reopened(desk: Desk, caller: Caller) -> Reply:
    """Sends the messages that waited for a topic which is open again."""
    held_back.try_again(desk, caller.sender.chat_id)
    return NOTHING


def moved(desk: Desk, caller: Caller, new_chat_id: int) -> Reply:
    """Moves everything of a group to its new id."""
    outcomes.move(desk, caller.sender.chat_id, new_chat_id)
    return NOTHING
