"""The contributions of ordering to the rest of the program."""

from __future__ import annotations

from concierge_bot import taps
from concierge_bot.desk.bot_commands import OWNERS, PRIVATE, SUPERIORS, BotCommand, Section
from concierge_bot.desk.capability import Capability

CAPABILITY = Capability(
    name="ordering",
    commands=(
        BotCommand("menu", 10, Section.REQUESTS, OWNERS, PRIVATE, lambda words: words.text("What may we do for you?")),
        BotCommand(
            "cancel",
            180,
            Section.REQUESTS,
            OWNERS | SUPERIORS,
            PRIVATE,
            lambda words: words.text("Drop what you are putting together"),
        ),
    ),
    taps=(
        taps.ADD,
        taps.ANEW,
        taps.ANSWER,
        taps.BACK,
        taps.CHOOSE,
        taps.CONTINUE,
        taps.GIVE_UP,
        taps.MINE,
        taps.MONTH,
        taps.NOOP,
        taps.PASS_ON,
        taps.REOPEN,
        taps.SEND,
        taps.SERVICE,
        taps.WHICH,
    ),
)
