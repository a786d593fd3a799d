"""The table of a week: the messages of each chat, their moments, and whether they sounded."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time, timedelta

from concierge_bot.playground import Group, Person
from tests.support.hearing import Heard, received
from tests.week.living import Week
from tests.week.script import ESTATE, MONDAY, OWNERS

WIDTH = 110
DAY = time(8), time(22)
A_MOMENT = timedelta(minutes=1)
NUMBER = re.compile(r"#(\d+)")
TAG = re.compile(r"<[^>]*>")


def lines(week: Week) -> Iterator[str]:
    """Yields the table: each chat with the messages of the minutes in which it rang, and the number of silent ones.

    Which of several messages of one minute rings is chance.
    """
    for name, chat in _chats(week):
        messages = received(week.world, chat, MONDAY)
        rang = {_minute(message) for message in messages if message.sounds}
        heard = sorted(_line(message) for message in messages if _minute(message) in rang)
        yield f"## {name}: rung {len(rang)} times; {len(messages) - len(heard)} messages in silence"
        yield ""
        yield from heard
        yield ""


@dataclass(frozen=True)
class Rung:
    """A ring about a request."""

    name: str
    number: int
    line: str


def rung_in_the_night(week: Week) -> list[Rung]:
    """Returns the rings between 22:00 and 08:00, but for answers to a tap or words of that very minute."""
    found = []
    for name, chat in _chats(week):
        for message in received(week.world, chat, MONDAY):
            if message.sounds and _is_night(message) and not _answers(week, chat, message):
                number = NUMBER.search(html.unescape(message.text))
                found.append(Rung(name, int(number[1]) if number else 0, _line(message)))
    return found


def said_of(week: Week, chat: Person | Group, number: int) -> list[str]:
    """Returns the messages to somebody about a request."""
    sign = re.compile(rf"#{number}\b")
    return [message.text for message in received(week.world, chat) if sign.search(message.text)]


def _is_night(message: Heard) -> bool:
    return not DAY[0] <= message.at.astimezone(ESTATE).time() < DAY[1]


def _answers(week: Week, chat: Person | Group, message: Heard) -> bool:
    """Tells whether somebody acted in the chat a moment before."""
    return any(abs(message.at - at) < A_MOMENT for who, at in week.deeds if who == chat.id)


def why(text: str) -> str:
    """Returns the first words of a message, which say what it is about."""
    plain = html.unescape(TAG.sub("", text))
    said = " / ".join(line.strip() for line in plain.splitlines() if line.strip())
    return said if len(said) <= WIDTH else said[: WIDTH - 1] + "…"


def _minute(message: Heard) -> str:
    return f"{message.at.astimezone(ESTATE):%d %a %H:%M}"


def _line(message: Heard) -> str:
    return f"{_minute(message)}  {why(message.text)}"


def _chats(week: Week) -> Iterator[tuple[str, Person | Group]]:
    yield "Chen, supervisor", week.chen
    for team, group in week.groups.items():
        yield f"The group of the {team}", group
    for name, person in week.staff.items():
        yield f"{name}, staff", person
    for (surname, language, _), person in zip(OWNERS, week.owners, strict=True):
        yield f"{surname}, owner, {language}", person
