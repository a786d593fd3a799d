"""What happens to groups: people come and go, the bot is added or taken out, a group gets a new id."""

from __future__ import annotations

from dataclasses import dataclass, replace

from concierge_bot.desk.cards import chat_troubles
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.fulfilment import claims
from concierge_bot.desk.operations import outcomes
from concierge_bot.desk.people import callers, staff
from concierge_bot.desk.staff_chats import boards, held_back, staff_chats
from concierge_bot.screens import NOTHING, Reply


@dataclass(frozen=True)
class Newcomer:
    """Somebody who came into a group."""

    telegram_id: int
    given_name: str
    surname: str
    username: str = ""


def joined(desk: Desk, caller: Caller, newcomers: list[Newcomer]) -> Reply:
    """Who comes into a staff chat is staff."""
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
    """Who leaves a staff chat is not staff there any more; what they had in hand goes back to the team."""
    person = staff.leave(desk, caller.sender.chat_id, telegram_id)
    if person is not None:
        claims.release_all_of(desk, person, caller.sender.chat_id)
    return NOTHING


def bot_changed(desk: Desk, caller: Caller, *, is_gone: bool, is_new: bool) -> Reply:
    """The bot was blocked or opened in private; added to a group, taken out of it, or given other rights there."""
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
    """A topic is open again: what waits for it follows."""
    held_back.try_again(desk, caller.sender.chat_id)
    return NOTHING


def moved(desk: Desk, caller: Caller, new_chat_id: int) -> Reply:
    """The group has a new id from now on."""
    outcomes.move(desk, caller.sender.chat_id, new_chat_id)
    return NOTHING
