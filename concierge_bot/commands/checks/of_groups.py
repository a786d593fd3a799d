"""Checks of the groups, as far as the database knows."""

from __future__ import annotations

from sqlmodel import col, select

from concierge_bot.commands.checks.finding import Finding, advice, well, wrong
from concierge_bot.desk.cards import chat_troubles
from concierge_bot.desk.context import Desk
from concierge_bot.desk.people import staff
from storage.tables.groups import Cause, ChatTrouble
from storage.tables.people import Estate, StaffChat

LISTED = 5
BARRED = {
    Cause.MUTED: "the bot may not write",
    Cause.TOPIC_CLOSED: "the team's topic is closed",
    Cause.MEMBERS_HIDDEN: "the bot cannot see the members",
}


def rights(desk: Desk) -> Finding:
    """Names the groups that deny the bot rights for its work."""
    found = [(trouble, staff.chats_at(desk, trouble.chat_id)) for trouble in chat_troubles.all_open(desk)]
    listed = [
        f"“{chats[0].title}”: {_barred(trouble)} since {trouble.since:%Y-%m-%d %H:%M} UTC"
        for trouble, chats in found
        if chats
    ]
    if not listed:
        return well("groups", "nothing stands in the way")
    said = f"{'; '.join(listed[:LISTED])}. Give the bot its rights back there; what waits follows by itself."
    return wrong("groups", said)


def teams(desk: Desk) -> Finding:
    """Names the teams without a chat of their own, whose requests go to another team's."""
    chats = list(desk.session.exec(select(StaffChat).order_by(col(StaffChat.id))))
    names = {estate.id: estate.name for estate in desk.session.exec(select(Estate))}
    found = []
    for estate_id in dict.fromkeys(chat.estate_id for chat in chats):
        own = {chat.team: chat.title for chat in chats if chat.estate_id == estate_id}
        lacking = [name for team, name in desk.catalogue_of(estate_id).teams.items() if team not in own]
        at = f" at “{names[estate_id]}”" if len(names) > 1 else ""
        if lacking:
            found.append(f"{', '.join(lacking)}{at}: what is theirs goes to “{next(iter(own.values()))}”")
    if not found:
        return well("teams", "each has a chat of its own")
    return advice(
        "teams", f"No chat of their own have {'; '.join(found)}. A supervisor sends /staffchat in their group."
    )


def members(desk: Desk) -> Finding | None:
    """Names the staff chats in which nobody is known to work; None where each has somebody."""
    chats = {chat.chat_id: chat for chat in desk.session.exec(select(StaffChat).order_by(col(StaffChat.id)))}
    empty = [f"“{chat.title}”" for chat_id, chat in chats.items() if not _workers(desk, chat_id)]
    if not empty:
        return None
    said = f"Nobody is known to work in {', '.join(empty)}: add the team to the group; who is in it sends a word there."
    return wrong("members", said)


def _workers(desk: Desk, chat_id: int) -> list[str]:
    return [person.name for person in staff.members(desk, chat_id) if not person.supervises and not person.manages]


def _barred(trouble: ChatTrouble) -> str:
    return BARRED.get(trouble.cause) or f"the bot may not send {trouble.cause.replace('_', ' ')}"
