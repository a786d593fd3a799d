"""The contributions of the directory to the rest of the program."""

from __future__ import annotations

from concierge_bot.desk.bot_commands import PRIVATE, SUPERIORS, BotCommand, Section
from concierge_bot.desk.capability import Capability
from concierge_bot.desk.directory import taps

CAPABILITY = Capability(
    name="directory",
    commands=(
        BotCommand("owner", 116, Section.OWNERS, SUPERIORS, PRIVATE, lambda words: words.text("The owner of a villa")),
    ),
    taps=(taps.OWNER, taps.CORRECT, taps.CORRECT_TO, taps.CORRECT_NOT),
)
