"""The contributions of menus to the rest of the program."""

from __future__ import annotations

from concierge_bot.desk.bot_commands import EVERYBODY, EVERYWHERE, OWNERS, PRIVATE, BotCommand, Section
from concierge_bot.desk.capability import Capability
from concierge_bot.desk.menus import taps

CAPABILITY = Capability(
    name="menus",
    commands=(
        BotCommand(
            "requests",
            20,
            Section.REQUESTS,
            OWNERS,
            PRIVATE,
            lambda words: words.text("See how your requests are progressing"),
        ),
        BotCommand(
            "place",
            165,
            Section.BOT,
            EVERYBODY,
            PRIVATE,
            lambda words: words.text("Choose your estate or villa"),
            is_listed=False,
        ),
        BotCommand(
            "help", 190, Section.BOT, EVERYBODY, EVERYWHERE, lambda words: words.context_text("command", "Help")
        ),
    ),
    taps=(taps.MENU, taps.PLACES, taps.PLACE, taps.FOR_VILLA, taps.DRAFT_VILLA),
)
