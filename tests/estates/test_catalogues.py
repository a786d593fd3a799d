"""Estates with a catalogue of their own: each sees, orders and names what its own offers, and the operator as well."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from concierge_bot.commands.invite import owner
from concierge_bot.playground import Message, Person
from storage.tables.people import StaffChat
from storage.tables.requests import Draft, Request
from tests.attacks import row
from tests.estates.belonging import Belonging
from tests.estates.own_catalogues import service_of, team_of
from tests.estates.twins import ANNA, CHIEF, Twin, fill, twins
from tests.runtime.conftest import world  # noqa: F401 - a fixture
from tests.runtime.harness import Books
from tests.support.cast import chooses, number_of, rested, until_it_says
from tests.support.commands import Ended
from tests.support.estates import code_at
from tests.support.world import World, tap

NOT_OFFERED = "I am sorry, this service is no longer offered."
PLACES = "For which place are you writing to me here?"
MENU = "How may we be of service?"


async def _menu(person: Person) -> tuple[Message, str]:
    """Returns the menu and the labels of all its buttons."""
    sent = await person.writes("/menu")
    menu = await person.sees(MENU, after=sent)
    return menu, " ".join(button.text for line in menu.buttons for button in line)


async def _orders_a_walk(world: World, person: Person, twin: Twin) -> int:  # noqa: F811
    await tap(world, person, f"service:{service_of(twin.facts.mark)}")
    await person.sees("Where to?")
    await person.writes("Round the pond")
    await person.sees("Is everything correct? Tap Send and I will pass it on at once.")
    return number_of(await tap(world, person, "send:"))


async def _switches(person: Person, twin: Twin) -> None:
    sent = await person.writes("/place")
    await person.sees(PLACES, after=sent)
    await chooses(person, PLACES, f"{twin.facts.mark} Estate, Villa 8")
    await person.sees("From now on you are writing to me here for", after=sent)


async def test_who_lives_on_two_estates_orders_of_each_what_it_offers(
    world: World,  # noqa: F811
    books: Books,
    tmp_path: Path,
) -> None:
    birch, cedar = await twins(world, books, tmp_path)
    li = world.telegram.person("Li", language_code="en")
    menus: dict[str, Message] = {}
    numbers: dict[str, int] = {}
    for here, there in ((birch, cedar), (cedar, birch)):
        mark = here.facts.mark
        await li.starts(await code_at(world, f"{mark} Estate", owner(villa="8", surname="Li", title="ms")))
        await world.chooses_language(li, "en")
        await rested(world)
        menus[mark], labels = await _menu(li)
        assert f"{mark} walk" in labels
        assert f"{mark} Repairs" in labels
        assert there.facts.mark not in labels
        numbers[mark] = await _orders_a_walk(world, li, here)
        placed = books.one(Request, Request.id == numbers[mark])
        assert (placed.estate_id, placed.service, placed.team) == (here.estate_id, service_of(mark), team_of(mark))

    birch_walk, cedar_walk = service_of("Birch"), service_of("Cedar")
    assert (await li.taps_data(menus["Birch"], f"service:{birch_walk}")).text == NOT_OFFERED
    await tap(world, li, f"service:{cedar_walk}")
    await li.sees("Where to?")
    await li.writes("To the sea")
    begun = await li.sees("Is everything correct? Tap Send and I will pass it on at once.")
    await _switches(li, birch)
    assert (await li.taps_data(menus["Cedar"], f"service:{cedar_walk}")).text == NOT_OFFERED
    _, labels = await _menu(li)
    assert "Cedar" not in labels, "what was begun on the one estate is not offered on the other"
    draft = books.one(Draft, Draft.service == cedar_walk, Draft.closed_at == None)  # noqa: E711
    await li.taps_data(begun, f"send:{draft.id}")
    await _switches(li, cedar)
    assert "Continue: 🚶 Cedar walk" in (await _menu(li))[1]
    assert len(books.all(Request)) == 2


async def test_promises_and_teams_are_those_of_the_estate(
    world: World,  # noqa: F811
    books: Books,
    tmp_path: Path,
) -> None:
    both = await twins(world, books, tmp_path)
    world.turn(hours=5)  # to the working hours of both
    for twin in both:
        fill(world, books, twin)
    await rested(world)
    for twin, minutes in zip(both, (5, 6), strict=True):
        request = books.one(Request, Request.id == twin.numbers["open"])
        assert request.claim_by is not None
        assert (request.claim_by - request.created_at).total_seconds() == 60 * minutes

    birch, cedar = both
    chief, group = birch.people[CHIEF], birch.groups["maintenance"]
    theirs, ours = team_of(cedar.facts.mark), team_of(birch.facts.mark)
    for text, where in ((f"/staffchat {theirs}", group), (f"/roster {theirs}", None)):
        sent = await chief.writes(text, chat=group) if where else await chief.writes(text)
        known = f"Birch Butlers (butlers), Birch Maintenance (maintenance), Birch Guards ({ours})"
        await (where or chief).sees(f"There is no such team. The teams are: {known}.", after=sent)
    sent = await chief.writes(f"/promises 30 {theirs}")
    await chief.sees("I know no team or colleague called", after=sent)
    await chief.writes("/invite")
    await tap(world, chief, "inviteas:butler")
    shown = await chief.sees("Which team is it?")
    assert [line[0].text for line in shown.buttons][:3] == ["Birch Butlers", "Birch Maintenance", "Birch Guards"]
    assert (await chief.taps_data(shown, f"invteam:{theirs}")).text == row.NO_BUTTON
    await chief.taps_data(shown, f"invteam:{ours}")
    await until_it_says(world, shown, "team Birch Guards")

    guards = world.telegram.group("Guards", by=chief, members=[birch.people[ANNA]])
    await guards.add_bot(by=chief, admin=True)
    await chief.writes(f"/staffchat {ours}", chat=guards)
    await guards.sees("This is now the staff chat for Birch Guards.")
    assert {chat.team for chat in books.all(StaffChat, StaffChat.estate_id == cedar.estate_id)} == {
        "butlers",
        "maintenance",
    }


COMMANDS = (
    ("people", "list"),
    ("people", "list", "--villa", "8"),
    ("people", "list", "--role", "butler"),
    ("people", "doubles"),
    ("invite", "list", "--all"),
    ("villa", "list"),
    ("audit",),
    ("audit", "--person", "{wang}"),
)
"""Commands that show something of one estate, with numbers of the other."""


async def test_an_operator_names_one_estate_and_reads_and_changes_nothing_of_the_other(
    world: World,  # noqa: F811
    books: Books,
    tmp_path: Path,
    typed: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    both = await twins(world, books, tmp_path)
    for twin in both:
        fill(world, books, twin)
    await rested(world)
    await world.stop()
    given = {"CATALOGUE": str(world.catalogue), "BOT_TOKEN": world.telegram.token, "API_URL": world.telegram.api_url}
    for name, value in given.items():
        monkeypatch.setenv(f"CONCIERGE_{name}", value)
    for own, other in (both, both[::-1]):
        estate = ("--estate", f"{own.facts.mark} Estate")
        before = _all_of(books, other)
        for command in COMMANDS:
            arguments = [part.format(**other.numbers) for part in command]
            ended: Ended = await typed(*arguments, *estate, *(("--json",) if command != ("villa", "list") else ()))
            assert ended.status == 0, (arguments, ended.complained)
            assert other.facts.mark not in ended.said, arguments
        for number in (other.numbers["open"], other.numbers["number"]):
            ended = await typed("request", "close", f"{number}", "--because", "a mistake", *estate)
            assert (ended.status, ended.said) == (1, "")
            assert ended.complained == f"concierge: There is no request {number} at {own.facts.mark} Estate.\n"
        assert (await typed("villa", "rename", "8", f"{own.facts.mark} House", *estate)).status == 0
        assert (
            await typed("invite", "owner", "--villa", f"{own.facts.mark} House", "--surname", "Wu", *estate)
        ).status == 0
        assert _all_of(books, other) == before
    listed = json.loads((await typed("estate", "list", "--json")).said)
    assert [one["catalogue"] for one in listed] == [None, "cedar.toml"]
    assert "✓ catalogue Cedar Estate: " in (await typed("doctor")).said


def _all_of(books: Books, twin: Twin) -> dict[Any, str]:
    """Returns what is written of an estate."""
    with books.session() as session:
        return Belonging(session).of(twin.estate_id)
