"""Who may do what: each cell of the table, tried over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete

from concierge_bot.desk.roles import register
from concierge_bot.desk.roles.register import Grant
from storage.tables.queues import Heartbeat
from storage.tables.roles import RoleKind, RoleWay
from storage.tables.rows import row_id
from tests.attacks.siege import Contents
from tests.rights.household import Household
from tests.rights.table import ENDED, HERE, ROLES, THERE, Outcome, lines
from tests.rights.walk import Cell, Walk
from tests.runtime.harness import only_sqlite
from tests.support.cast import rested
from tests.support.databases import PostgresServer
from tests.support.keyboard import Typed
from tools import rights as page

pytestmark = pytest.mark.timeout(1_800)
STRANGER = "stranger"
MANAGER = "manager"
MOVED = ("several", "family")
OF_A_VILLA = ("{request}", "{done}", "{own}")
SOMEBODY = [*(role for role in ROLES if role not in (STRANGER, ENDED, MANAGER)), MANAGER]
"""The roles that can end; last that of the property manager, who ends the others'."""


def cells() -> Iterator[Cell]:
    """All cells of the table."""
    for line in lines():
        for estate, outcomes in line.outcomes.items():
            for role, outcome in outcomes.items():
                yield Cell(line, role, estate, outcome)


def once_ended() -> Iterator[Cell]:
    """What each could do, with what comes of it once all that they were has ended."""
    for cell in cells():
        if cell.expected is Outcome.YES and cell.estate == HERE and cell.role in SOMEBODY:
            yield replace(cell, expected=cell.line.outcomes[HERE][ENDED])


def roles_of(household: Household, name: str) -> list[int]:
    """The numbers of somebody's roles."""
    with household.books.desk(household.world.clock) as desk:
        return [row_id(role) for role in register.standing(desk, desk.person(household.ids[name]))]


def test_the_page_is_what_the_table_says() -> None:
    assert page.PAGE.read_text(encoding="utf-8") == page.written(), "run `make rights`"


def test_nobody_may_do_anything_on_another_estate() -> None:
    named = {line.action for line in lines() if "{" in line.typed or line.place == "group"}
    assert named <= {line.action for line in lines() if THERE in line.outcomes}
    assert [cell for cell in cells() if cell.estate == THERE and cell.expected is Outcome.YES] == []


def test_whoever_is_nobody_any_more_may_do_nothing() -> None:
    may = [cell for cell in cells() if cell.role in (STRANGER, ENDED) and cell.expected is Outcome.YES]
    assert may == []


@only_sqlite
async def test_everybody_may_do_what_the_table_says_and_nothing_else(household: Household) -> None:
    walk, contents = Walk(household), Contents(household.books)
    before = contents.now()
    wrong = await walk.through(cell for cell in cells() if cell.expected is not Outcome.YES)
    await rested(household.world)
    after = contents.now()
    assert [name for name in before if before[name] != after[name]] == []
    wrong += await walk.through(cell for cell in cells() if cell.expected is Outcome.YES)
    assert wrong == []


async def test_a_role_that_was_ended_by_tap_gives_nothing_any_more(household: Household) -> None:
    manager = household.people[MANAGER]
    shown = household.shown[manager.id]
    for name in SOMEBODY:
        for role in roles_of(household, name):
            await manager.taps_data(shown, f"endsure:{role}")
    await rested(household.world)
    assert [name for name in SOMEBODY if roles_of(household, name)] == []
    assert await Walk(household).through(once_ended()) == []


async def test_a_role_that_was_ended_while_the_bot_was_off_gives_nothing_any_more(
    household: Household, typed: Typed
) -> None:
    await household.world.stop()
    for name in SOMEBODY:
        ended = await typed("people", "end", str(household.ids[name]))
        assert (ended.status, ended.complained) == (0, "")
    await household.world.start()
    await rested(household.world)
    assert await Walk(household).through(once_ended()) == []


def of_a_villa_given_back() -> Iterator[Cell]:
    """What an owner and one of a family could do with what was asked for there; and the place itself."""
    for cell in cells():
        if cell.role in MOVED and cell.estate == HERE and any(fact in cell.line.typed for fact in OF_A_VILLA):
            yield replace(cell, expected=Outcome.NONE if cell.expected is Outcome.YES else cell.expected)


async def test_who_has_given_one_of_their_villas_back_may_do_nothing_with_what_they_asked_for_there(
    household: Household,
) -> None:
    manager, given_back = household.people[MANAGER], []
    with household.books.desk(household.world.clock) as desk:
        (further,) = (role.villa_id for role in register.standing(desk, desk.person(household.ids["spare"])))
        register.give(
            desk,
            desk.person(household.ids["family"]),
            Grant(RoleKind.FAMILY, villa_id=further),
            by=None,
            how=RoleWay.LINK,
        )
        for name in MOVED:
            villa_id = household.facts[name]["villa"]
            given_back += [
                row_id(role)
                for role in register.standing(desk, desk.person(household.ids[name]))
                if role.villa_id == villa_id
            ]
    assert len(given_back) == len(MOVED)
    for role in given_back:
        await manager.taps_data(household.shown[manager.id], f"endsure:{role}")
    await rested(household.world)
    assert all(roles_of(household, name) for name in MOVED), "they have another villa"
    assert await Walk(household).through(of_a_villa_given_back()) == []


@pytest.fixture
def another_url(database_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of the same engine that holds nothing yet."""
    if database_url.startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'another.sqlite'}"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.new(empty=True)


async def test_what_had_ended_since_a_backup_stays_ended_where_that_is_put_back(
    household: Household, typed: Typed
) -> None:
    assert (await typed("backup", "before.zip")).status == 0
    await household.world.stop()
    for name in SOMEBODY:
        await typed("people", "end", str(household.ids[name]))
    with household.books.session() as session:
        session.exec(delete(Heartbeat))  # as they are half a minute later
    restored = await typed("restore", "before.zip", "--replace")
    assert (restored.status, restored.complained) == (0, "")
    assert "ended since, and stays ended: Supervisor, supervisor\n" in restored.said
    assert restored.said.count("stays ended") == len(SOMEBODY) + 1, "one owns two villas"
    await household.world.start()
    await rested(household.world)
    assert await Walk(household).through(once_ended()) == []
    said = await household.people["deputy"].sees("remain ended")
    assert "• Supervisor, supervisor" in said.text
    assert "has their old role again" not in said.text


async def test_of_a_backup_put_into_a_new_database_supervisors_are_told_that_it_knows_of_no_end(
    household: Household, typed: Typed, another_url: str
) -> None:
    assert (await typed("backup", "before.zip")).status == 0
    await household.world.stop()
    await typed("people", "end", str(household.ids["supervisor"]))
    restored = await typed("restore", "before.zip", database_url=another_url)
    assert (restored.status, restored.complained) == (0, "")
    assert restored.said.splitlines()[-1].startswith("Anybody who left or moved out since then has their role again")
    household.world.database_url = another_url
    await household.world.start()
    said = await household.people["deputy"].sees("has their old role again")
    await household.people["deputy"].taps(said, "Who is who")
    await household.people["deputy"].sees("Page 1 of")
