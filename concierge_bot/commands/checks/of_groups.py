"""Checks of the groups, as far as the database knows."""

from __future__ import annotations

from concierge_bot.commands.checks.finding import Finding, well, wrong
from concierge_bot.desk.cards import chat_troubles
from concierge_bot.desk.context import Desk
from concierge_bot.desk.people import staff
from storage.tables.troubles import Cause, ChatTrouble

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


def _barred(trouble: ChatTrouble) -> str:
    return BARRED.get(trouble.cause) or f"the bot may not send {trouble.cause.replace('_', ' ')}"
