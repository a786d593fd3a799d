"""The contributions of ordering to the rest of the program."""

from __future__ import annotations

from concierge_bot.desk.bot_commands import OWNERS, PRIVATE, SUPERIORS, BotCommand, Section
from concierge_bot.desk.capability import Capability
from concierge_bot.desk.cards import taps as card_taps
from concierge_bot.desk.menus import taps as menu_taps
from concierge_bot.desk.ordering import taps
from concierge_bot.desk.requests import taps as request_taps
from concierge_bot.taps import NOOP

CAPABILITY = Capability(
    name="ordering",
    commands=(
        BotCommand("menu", 10, Section.REQUESTS, OWNERS, PRIVATE, lambda words: words.text("Choose a service")),
        BotCommand(
            "cancel",
            180,
            Section.REQUESTS,
            OWNERS | SUPERIORS,
            PRIVATE,
            lambda words: words.text("Discard what you are preparing"),
        ),
    ),
    taps=(
        card_taps.ADD,
        taps.ANEW,
        taps.ANSWER,
        taps.BACK,
        taps.CHOOSE,
        request_taps.CONTINUE,
        taps.GIVE_UP,
        menu_taps.MINE,
        taps.MONTH,
        NOOP,
        taps.PASS_ON,
        taps.REOPEN,
        taps.SEND,
        menu_taps.SERVICE,
        taps.WHICH,
    ),
)
