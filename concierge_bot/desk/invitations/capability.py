"""The contributions of invitations to the rest of the program."""

from __future__ import annotations

from concierge_bot.desk.bot_commands import PRIVATE, SUPERIORS, BotCommand, Section
from concierge_bot.desk.capability import Capability
from concierge_bot.desk.invitations import taps

CAPABILITY = Capability(
    name="invitations",
    commands=(
        BotCommand(
            "invite", 116, Section.TEAM, SUPERIORS, PRIVATE, lambda words: words.text("Invite an owner or a colleague")
        ),
    ),
    taps=(
        taps.INVITE,
        taps.INVITE_AS,
        taps.INVITE_VILLAS,
        taps.INVITE_VILLA,
        taps.INVITE_TEAM,
        taps.INVITE_NEW,
        taps.INVITE_KNOWN,
        taps.INVITE_LINKS,
        taps.INVITE_LINK,
        taps.INVITE_RENEW,
        taps.INVITE_REVOKE,
    ),
)
