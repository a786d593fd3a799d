"""The table of a week: who was told of what, when, and whether they heard it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from concierge_bot.playground import Group, Person
from tests.cases.hearing import Heard, received
from tests.week.living import Week
from tests.week.script import ESTATE, MONDAY, OWNERS

WIDTH = 110
TAG = re.compile(r"<[^>]*>")


def lines(week: Week) -> Iterator[str]:
    """Yields the table: each chat with what was heard there, and how much came without a sound."""
    for name, chat in _chats(week):
        messages = received(week.world, chat, MONDAY)
        sounding = [message for message in messages if message.sounds]
        yield f"## {name}: {len(sounding)} with a sound, {len(messages) - len(sounding)} without"
        yield ""
        yield from sorted(_line(message) for message in sounding)
        yield ""


def why(text: str) -> str:
    """Returns the first words of a message, which say what it is about."""
    plain = html.unescape(TAG.sub("", text))
    said = " / ".join(line.strip() for line in plain.splitlines() if line.strip())
    return said if len(said) <= WIDTH else said[: WIDTH - 1] + "…"


def _line(message: Heard) -> str:
    local = message.at.astimezone(ESTATE)
    return f"{local:%d %a %H:%M}  {why(message.text)}"


def _chats(week: Week) -> Iterator[tuple[str, Person | Group]]:
    yield "Chen, supervisor", week.chen
    for team, group in week.groups.items():
        yield f"The group of the {team}", group
    for name, person in week.staff.items():
        yield f"{name}, staff", person
    for (surname, language, _), person in zip(OWNERS, week.owners, strict=True):
        yield f"{surname}, owner, {language}", person
