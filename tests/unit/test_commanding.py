"""Reading commands: what is one, and what it is for."""

from __future__ import annotations

import pytest

from concierge_bot.desk.bot_commands import Place
from concierge_bot.desk.capabilities import CAPABILITIES
from concierge_bot.i18n import languages, words
from handlers.routing.commanding import Command, read


@pytest.mark.parametrize(
    ("text", "name", "args", "to"),
    [
        ("/menu", "menu", "", ""),
        ("／ＭＥＮＵ＠Ａ_bot x y", "menu", "x y", "a_bot"),
        ("/start aB_c-d", "start", "aB_c-d", ""),
        ("/roster\nMon 07:00-15:00 Li\n", "roster", "\nMon 07:00-15:00 Li", ""),
        ("/roster butlers \nMon", "roster", "butlers \nMon", ""),
        ("/ menu now", "menu", "now", ""),
        ("/ left one", "", "left one", ""),
        ("、menu", "menu", "", ""),
        ("/", "", "", ""),
        ("//", "/", "", ""),
        ("/etc/passwd", "etc/passwd", "", ""),
        ("/menu！", "menu", "", ""),
    ],
)
def test_commands(text: str, name: str, args: str, to: str) -> None:
    assert read(text) == Command(name, args, to)


@pytest.mark.parametrize("text", ["", " ", "menu", "3/4", "、买两瓶水", "a /menu", "\\menu", "😀/menu"])
def test_what_is_none(text: str) -> None:
    assert read(text) is None


def test_a_first_word_of_any_length_is_read_at_once() -> None:
    assert read("/" + "x" * 100_000 + "\n" * 100_000) is not None


def test_telegram_takes_every_command_of_the_table() -> None:
    for command in CAPABILITIES.commands.values():
        for language in languages():
            for place in Place:
                assert 1 <= len(command.described(words(language), place)) <= 256
    assert len(CAPABILITIES.commands) <= 100
