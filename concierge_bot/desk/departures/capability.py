"""The contributions of departures to the rest of the program."""

from __future__ import annotations

from concierge_bot.desk.bot_commands import PRIVATE, SUPERIORS, BotCommand, Section
from concierge_bot.desk.capability import Capability
from concierge_bot.desk.departures import taps

CAPABILITY = Capability(
    name="departures",
    commands=(BotCommand("people", 115, Section.TEAM, SUPERIORS, PRIVATE, lambda words: words.text("Who is who")),),
    taps=(
        taps.PEOPLE,
        taps.PERSON,
        taps.END_ROLE,
        taps.END_SURE,
        taps.END_KEEP,
        taps.NEW_ACCOUNT,
        taps.NEW_ACCOUNT_SURE,
        taps.MOVED_OUT,
    ),
)
