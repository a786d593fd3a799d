"""Two estates of one installation: nobody of the one reads, finds or changes anything of the other."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from concierge_bot.desk.capabilities import CAPABILITIES
from concierge_bot.i18n import words
from tests.attacks import row
from tests.attacks.buttons import BUTTONS, Right
from tests.estates.belonging import Belonging
from tests.estates.storm import storm
from tests.estates.twins import ANNA, BO, CHIEF, MANAGER, WANG, Twin, fill, leaks, twins
from tests.estates.walk import Walk, crossing
from tests.runtime.conftest import world  # noqa: F401 - a fixture
from tests.runtime.harness import Books
from tests.support.cast import rested
from tests.support.world import World

pytestmark = pytest.mark.timeout(600)

ACTORS = (WANG, ANNA, CHIEF)
READERS = (*ACTORS, BO, MANAGER)
LISTS = frozenset(
    {
        *("menu", "requests", "open", "late", "my", "followups", "duty", "roster", "promises", "people"),
        *("announcements", "profile", "place", "help", "start", "audit", "owner"),
    }
)
"""The commands that show something and change nothing."""
CHANGES = frozenset({"on", "off", "announce", "lead", "staffchat", "language", "cancel", "invite"})
ROSTER = "Mon-Fri 07:00-15:00 {name}"
ARGUMENTS = {
    "people": ("8", "Bo", "{person}"),
    "owner": ("8", "{person}"),
    "promises": ("30", "30 Bo", "90 maintenance", "Bo", "{team}"),
    "roster": ("butlers", f"butlers\n{ROSTER.format(name='Bo')}", f"butlers\n{ROSTER.format(name='Anna')}", "{team}"),
    "lead": ("Bo", "Anna"),
    "staffchat": ("butlers", "maintenance", "{team}"),
    "start": ("{number}", "guess"),
}
"""What is typed behind a command. Names and villas are the same on both estates, numbers are the other's."""
PLACES_OF_VILLAS = {"forvilla": "forvilla:{villa}:repair", "draftvilla": "draftvilla:{draft}:{villa}"}
FURTHER_TAPS = {**PLACES_OF_VILLAS, "place": "place:{wang}:{villa}", "assignto": "assignto:{open}:{bo}"}
OF_CATALOGUE = (
    "service:{service}",
    "anew:{service}",
    "for:{draft}:{service}",
    "forvilla:{villa}:{service}",
    "invteam:{team}",
)
REFUSED = (
    *(row.NO_BUTTON, row.NO_REQUEST, row.NO_PERSON, row.NO_ANNOUNCEMENT, row.ONLY_TEAM, row.ONLY_SUPERVISOR),
    *(row.ONLY_STAFF, row.ONLY_OWNERS, row.OUT_OF_DATE, row.OTHER_ESTATE, row.IN_PRIVATE),
    *(
        "This place is no longer yours.",
        "This colleague is no longer on the team.",
        "There is no such villa.",
        "I am sorry, this service is no longer offered.",
    ),
)


def test_every_command_is_sorted() -> None:
    """A new command is either a list, which is compared, or a change."""
    assert set(CAPABILITIES.commands) == LISTS | CHANGES
    assert set(BUTTONS) == set(CAPABILITIES.taps)


def _written(books: Books, twin: Twin) -> dict[Any, str]:
    with books.session() as session:
        return Belonging(session).of(twin.estate_id)


def _commands(other: Twin) -> Iterator[str]:
    """Yields every command alone, and with arguments that mean something on the other estate."""
    for name in CAPABILITIES.commands:
        yield f"/{name}"
        for argument in ARGUMENTS.get(name, ("{number}", "{person}", "8")):
            yield f"/{name} {argument}".format(person=other.numbers[WANG], **other.places)


def _mixed(data: str, own: Twin, other: Twin) -> Iterator[str]:
    """Yields a tap's data with every mixture of numbers of which at least one is the other estate's."""
    places = re.findall(r"\{(\w+)\}", data)
    for whose in itertools.product((own, other), repeat=len(places)):
        if other in whose:
            numbers = iter(whose)
            yield re.sub(r"\{(\w+)\}", lambda found: str(next(numbers).places[found[1]]), data)  # noqa: B023


def _data() -> Iterator[str]:
    yield from (data for data, right in BUTTONS.values() if right is not Right.NOTHING)
    yield from (*FURTHER_TAPS.values(), *OF_CATALOGUE)


def _taps(own: Twin, other: Twin) -> Iterator[str]:
    """Yields the data of every tap of the program that carries something, with what is the other estate's."""
    for data in _data():
        yield from _mixed(data, own, other)


def _tries(walk: Walk, who: str, own: Twin, other: Twin) -> None:
    """Has somebody try everything in private, in a group of their estate and in one of the other."""
    groups = [twin.groups["maintenance"].id for twin in ((own, other) if who == ANNA else (other,))]
    for chat_id in (own.people[who].id, *groups):
        shown = (own.shown | other.shown)[chat_id]
        chats = own.chats | other.chats
        for text in _commands(other):
            if not (text.startswith("/staffchat") and _gives_up_a_group(own, chat_id)):
                walk.says(own, who, chats[chat_id], text)
        for data in _taps(own, other):
            if not (data.startswith("staffchat") and _gives_up_a_group(own, chat_id)):
                walk.taps(own, who, shown, data)


def _gives_up_a_group(own: Twin, chat_id: int) -> bool:
    """Tells of a chat of one's own: its team would move there, and leave a group to whoever comes first."""
    return chat_id in own.chats


def _lists(walk: Walk, twin: Twin) -> None:
    for name in sorted(LISTS):
        for who in READERS:
            walk.says(twin, who, twin.people[who].chat, f"/{name}")


async def _listed(walk: Walk, twin: Twin) -> Counter[tuple[int, str]]:
    """Returns what the people of an estate read by all lists."""
    since = len(walk.world.telegram.calls)
    _lists(walk, twin)
    await walk.ended()
    return Counter((chat, re.sub(r"attach://\S+", "", text)) for chat, text in walk.said(since))


def _is_about_a_draft(data: str) -> bool:
    """Tells of a tap that is answered in place of its message, and by no pop-up."""
    word = data.partition(":")[0]
    return "{draft}" in FURTHER_TAPS.get(word, BUTTONS[word][0])


def _refusals(languages: Iterable[str]) -> set[str]:
    return {words(language).text(said).partition("%")[0] for language in languages for said in REFUSED}


async def test_two_estates_are_apart(
    world: World,  # noqa: F811
    books: Books,
    tmp_path: Path,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("concierge_bot.desk.people.refusals.MOST_A_DAY", 10_000)
    birch, cedar = await twins(world, books, tmp_path)
    walk = Walk(world, books)
    fill(world, books, birch)
    await rested(world)
    alone = [await _listed(walk, birch) for _ in range(2)][1]
    fill(world, books, cedar, requests=5)
    await rested(world)
    assert await _listed(walk, birch) == alone, "lists and figures of one estate change with what the other has"

    directions = [(birch, cedar), (cedar, birch)]
    for own, other in directions if database_url.startswith("sqlite") else directions[:1]:
        before = _written(books, other)
        for who in ACTORS:
            _tries(walk, who, own, other)
        await walk.ended()
        after = _written(books, other)
        assert {key: after.get(key) for key in before.keys() | after.keys() if before.get(key) != after.get(key)} == {}
        said = walk.said()
        assert leaks(own, other, said) + leaks(other, own, said) == []
        assert crossing(books) == []

    refusals = _refusals(("en", "zh_Hans"))
    taken = {(data, text) for _, data, text in walk.answers() if not any(no in text for no in refusals)}
    assert {pair for pair in taken if pair[1] or not _is_about_a_draft(pair[0])} == set()


async def test_nothing_of_an_estate_reaches_the_other_in_a_storm(world: World, books: Books, tmp_path: Path) -> None:  # noqa: F811
    assert await storm(world, books, tmp_path, people=12, rounds=4, seed=7) == []
