"""A language in which every translated string stands in brackets: Latin letters outside of them were not translated."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest
from babel.support import NullTranslations

from concierge_bot.i18n import words as words_in
from concierge_bot.i18n.table import table
from concierge_bot.i18n.words import Words
from concierge_bot.playground import Group, Person
from tests.support.cast import rested
from tests.support.world import World, order_repair, tap

BEGINS, ENDS = "⟦", "⟧"
INNERMOST = re.compile(f"{BEGINS}[^{BEGINS}{ENDS}]*(?:{ENDS}|…$)")
LATIN = re.compile(r"[A-Za-z]{2,}")
NAMES = {row.name for row in table().values()} | {"Wang", "Wong"}
"""The names of languages, and the Latin readings that 王 is asked about."""
ASKED = {
    "chen": ("open", "late", "duty", "promises", "followups", "people", "help", "audit", "announcements", "roster"),
    "wang": ("menu", "requests", "profile", "language", "help"),
}


class Pseudo(Words):
    """Words that bracket what is translated. Its dates are Chinese, so that they hold no Latin letters."""

    def _translation_in(self, context: str | None, message: str) -> str:
        return f"{BEGINS}{super()._translation_in(context, message)}{ENDS}"

    def _counted(self, one: str, many: str, count: int) -> str:
        return f"{BEGINS}{super()._counted(one, many, count)}{ENDS}"


@pytest.fixture
def in_brackets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has everybody read the language in brackets."""
    pseudo = Pseudo(replace(table()["zh_Hans"], spaced=False), NullTranslations())
    monkeypatch.setattr(sys.modules[Words.__module__], "_loaded", lambda _code: pseudo)


def untranslated(text: str) -> list[str]:
    """The Latin words outside of all brackets, but for names, commands and links."""
    rest = re.sub(r"https?://\S+|/[a-z_]+|@\w+", "", text)
    while INNERMOST.search(rest):
        rest = INNERMOST.sub(lambda found: "" if found[0].endswith(ENDS) else "…", rest)
    return [] if rest in NAMES else LATIN.findall(rest)


def _read(screens: list[Person | Group]) -> Iterator[str]:
    for screen in screens:
        for message in screen.screen():
            if message.sender.is_bot and not message.service:
                yield from (message.text, *message.history, *message.button_texts)


def test_what_is_outside_of_brackets_is_found() -> None:
    assert untranslated("⟦By ⟦Mr Wang⟧ at 14:05⟧ · 12") == []
    assert untranslated("⟦Send⟧ now /menu") == ["now"]
    assert untranslated("English") == []
    assert words_in("en").text("Skip") == "Skip"


@pytest.mark.usefixtures("in_brackets")
async def test_nothing_that_people_read_is_left_untranslated(world: World) -> None:
    chen = await world.supervisor("陈静")
    anna, bo = world.telegram.person("安娜"), world.telegram.person("小波")
    group = await world.team("maintenance", anna, by=chen)
    butlers = await world.team("butlers", bo, by=chen)
    wang = await world.owner("王", given_name="伟")
    said: list[str] = []

    async def taps(person: Person, button: str, screen: Person | Group | None = None) -> None:
        said.append(str((await tap(world, person, button, screen)).text or ""))

    await order_repair(world, wang, "水龙头滴水")
    world.turn(minutes=5, seconds=1)  # the team is reminded, then the supervisor told, and the owner
    await rested(world)
    world.turn(minutes=10)
    await rested(world)
    for button, person in (("claim:", anna), ("onsite:", anna), ("done:", anna)):
        await taps(person, button, group)
    world.turn(minutes=1, seconds=1)
    await rested(world)
    await order_repair(world, wang, "还在滴水")
    await taps(wang, "cancel:")
    await rested(world)
    await wang.writes("/menu")
    await taps(wang, "service:cleaning")
    for name, person in (("chen", chen), ("wang", wang)):
        for command in ASKED[name]:
            await person.writes(f"/{command}")
            await rested(world)
    for command in ("language", "help", "off", "on", "my"):
        await bo.writes(f"/{command}", chat=butlers)
        await rested(world)
    world.turn(days=2)
    await rested(world)
    found = [*said, *_read([chen, anna, bo, wang, group, butlers])]
    assert len(set(found)) > 90
    assert {text: left for text in found if (left := untranslated(text))} == {}
