"""The contributions of profiles to the rest of the program."""

from __future__ import annotations

from concierge_bot.desk.bot_commands import EVERYBODY, EVERYWHERE, OWNERS, PRIVATE, BotCommand, Section
from concierge_bot.desk.capability import Capability
from concierge_bot.desk.menus import taps as menu_taps
from concierge_bot.desk.profiles import taps

CAPABILITY = Capability(
    name="profiles",
    commands=(
        BotCommand(
            "profile", 160, Section.BOT, OWNERS, PRIVATE, lambda words: words.context_text("command", "Your profile")
        ),
        BotCommand(
            "language",
            170,
            Section.BOT,
            EVERYBODY,
            EVERYWHERE,
            lambda words: words.text("Change the language"),
            in_group=lambda words: words.text("Choose the language of the cards"),
        ),
        BotCommand(
            "start",
            200,
            Section.BOT,
            EVERYBODY,
            PRIVATE,
            lambda words: words.context_text("command", "Start again"),
            is_listed=False,
        ),
    ),
    taps=(
        menu_taps.LANGUAGE,
        menu_taps.LATIN,
        taps.NEW_LINK,
        menu_taps.PROFILE,
        menu_taps.TITLE,
    ),
)
