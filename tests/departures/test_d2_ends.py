"""D2: each right ends, at once, by tap and by command, and is told to those concerned."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from concierge_bot.commands.invite import manager
from concierge_bot.desk.context import Desk
from concierge_bot.desk.departures import ending
from concierge_bot.desk.departures.ending import LastSupervisorError
from concierge_bot.desk.roles import accounts, register
from concierge_bot.playground import Person, TapAnswer
from storage.tables.requests import Request
from storage.tables.roles import Role, RoleKind
from storage.tables.rows import row_id
from tests.runtime.harness import texts
from tests.support.cast import Cast, on_stage, opens_the_bot, rested, until_it_says
from tests.support.estates import standings
from tests.support.world import World, newest, order_repair, tap

NO_REQUEST = "There is no such request."


async def role_of(world: World, person: Person, kind: RoleKind, villa: str | None = None) -> int:
    """Returns the number of somebody's standing role of a kind, where they have several for a villa."""

    def found(desk: Desk) -> int:
        (one,) = accounts.persons(desk, person.id)
        found = [role for role in register.standing(desk, one) if role.kind is kind]
        (role,) = [role for role in found if villa is None or desk.villa(role.villa_id or 0).name == villa]
        return row_id(role)

    number: int = await world.look(found)
    return number


async def ends(world: World, by: Person, person: Person, kind: RoleKind) -> TapAnswer:
    """Ends a role by the taps of a superior."""
    role = await role_of(world, person, kind)
    await by.taps_data(by.last, f"endrole:{role}")
    answer = await tap(world, by, f"endsure:{role}")
    await rested(world)
    return answer


async def by_command(
    world: World, person: Person, kind: RoleKind, *, villa: str | None = None, even_the_last: bool = False
) -> None:
    """Ends a role as the operator."""
    role_id = await role_of(world, person, kind, villa)

    def end(desk: Desk) -> None:
        ending.end_for_operator(desk, desk.session.get_one(Role, role_id), even_the_last=even_the_last)

    await world.desk(end)
    await rested(world)


async def _with_a_second_supervisor(world: World) -> tuple[Cast, Person]:
    cast = await on_stage(world)
    return cast, await world.supervisor("Lin")


async def test_d2_a_supervisor_who_is_taken_out_decides_nothing_and_reads_nothing_any_more(world: World) -> None:
    cast, lin = await _with_a_second_supervisor(world)
    number = await order_repair(world, cast.wang, kind="flood")
    card = await cast.chen.sees(f"#{number}")
    await ends(world, lin, cast.chen, RoleKind.SUPERVISOR)
    await cast.chen.sees("You are no longer a supervisor of")
    await until_it_says(world, card, "You are no longer looking after this.")
    assert newest(cast.chen, f"take:{number}") is None
    for data in (f"take:{number}", f"assign:{number}", "announce", f"endrole:{number}"):
        assert (await cast.chen.taps_data(cast.chen.last, data)).text == "Only a supervisor can do this."
    sent = await cast.chen.writes("/open")
    await cast.chen.sees("Only a supervisor can do this.", after=sent)
    await lin.sees("They still are: team Butlers, team Maintenance")  # of the groups that Chen made theirs

    def taken_out(desk: Desk) -> None:
        (one,) = accounts.persons(desk, cast.chen.id)
        assert [ending.end_for_operator(desk, role) for role in register.standing(desk, one)] == [True, True]

    await world.desk(taken_out)
    world.turn(minutes=30)
    await rested(world)
    assert all(f"#{number}" not in text for text in texts(world.telegram, cast.chen.id))


async def test_d2_the_others_and_the_manager_are_told(world: World) -> None:
    cast, lin = await _with_a_second_supervisor(world)
    boss = world.telegram.person("Boss")
    await boss.starts(await world.code(manager(name="Boss", language="en")))
    await world.chooses_language(boss, "en")
    shown = await ends(world, lin, cast.chen, RoleKind.SUPERVISOR)
    assert shown.answered
    await lin.sees("👤 Ended by Lin: Chen, supervisor.")
    await boss.sees("👤 Ended by Lin: Chen, supervisor.")


async def test_d2_the_last_supervisor_is_not_taken_out_silently(world: World) -> None:
    cast = await on_stage(world)
    role = await role_of(world, cast.chen, RoleKind.SUPERVISOR)
    answer = await cast.chen.taps_data(cast.chen.last, f"endsure:{role}")
    assert str(answer.text).startswith("This is the estate's last supervisor.")
    with pytest.raises(LastSupervisorError):
        await by_command(world, cast.chen, RoleKind.SUPERVISOR)
    await by_command(world, cast.chen, RoleKind.SUPERVISOR, even_the_last=True)
    await cast.chen.sees("You are no longer a supervisor of")


async def test_d2_only_a_manager_ends_a_manager(world: World) -> None:
    cast = await on_stage(world)
    boss = world.telegram.person("Boss")
    await boss.starts(await world.code(manager(name="Boss", language="en")))
    await world.chooses_language(boss, "en")
    role = await role_of(world, boss, RoleKind.MANAGER)
    answer = await cast.chen.taps_data(cast.chen.last, f"endsure:{role}")
    assert answer.text == "Only the property manager can do this."
    await ends(world, boss, boss, RoleKind.MANAGER)
    assert await standings(world, boss) == {}


async def test_d2_a_dismissed_butler_is_staff_nowhere_though_they_stay_in_the_group(world: World) -> None:
    cast = await on_stage(world)
    await opens_the_bot(cast.anna)
    number = await order_repair(world, cast.wang)
    other = await order_repair(world, cast.wang)
    card = await cast.maintenance.sees(f"#{number}")
    await cast.anna.taps(card, f"claim:{number}")
    await until_it_says(world, card, "Anna")
    await ends(world, cast.chen, cast.anna, RoleKind.BUTLER)
    await cast.anna.sees("You are no longer on the Maintenance team.")
    await cast.maintenance.sees("is open again")
    await world.telegram.until(lambda: newest(cast.maintenance, f"claim:{number}"))
    assert await standings(world, cast.anna) == {}
    answer = await cast.anna.taps_data(card, f"claim:{other}")
    assert answer.text == "Only members of this team can do this, in their own chat."
    assert await world.look(_holders) == [None, None]
    await cast.anna.starts()
    await cast.anna.sees("This is the private concierge of our residents.")
    await cast.maintenance.remove(cast.anna, by=cast.chen)
    await cast.maintenance.add(cast.anna, cast.chen)
    await rested(world)
    await cast.anna.taps(card, f"claim:{number}")  # who is taken on again by the group works again
    await until_it_says(world, card, "Anna")


def _holders(desk: Desk) -> list[int | None]:
    return list(desk.session.exec(select(Request.claimed_by).order_by(col(Request.id))))


async def test_d2_a_dismissed_butler_is_passed_over_by_chains(world: World) -> None:
    cast = await on_stage(world)
    await opens_the_bot(cast.anna)
    await ends(world, cast.chen, cast.anna, RoleKind.BUTLER)
    before = len(texts(world.telegram, cast.anna.id))
    number = await order_repair(world, cast.wang, kind="flood")
    for _ in range(6):
        world.turn(minutes=10)
        await rested(world)
    await cast.chen.sees(f"#{number}")
    assert len(texts(world.telegram, cast.anna.id)) == before


async def test_d2_whoever_leaves_the_group_reads_no_card_any_more(world: World) -> None:
    cast = await on_stage(world)
    await opens_the_bot(cast.anna)
    number = await order_repair(world, cast.wang, kind="flood")
    card = await cast.anna.sees(f"#{number}")
    await cast.maintenance.remove(cast.anna, by=cast.chen)
    await until_it_says(world, card, "You are no longer looking after this.")
    assert (await cast.anna.taps_data(card, f"claim:{number}")).text == NO_REQUEST


async def test_d2_an_owner_who_has_moved_out_orders_nothing(world: World) -> None:
    cast = await on_stage(world)
    await ends(world, cast.chen, cast.wang, RoleKind.OWNER)
    await cast.wang.sees("Villa 8 is no longer yours")
    sent = await cast.wang.writes("/menu")
    await cast.wang.sees("This is the private concierge of our residents.", after=sent)
    answer = await cast.wang.taps_data(cast.wang.last, "service:repair")
    assert answer.text == "Only owners can ask for a service here."


async def test_d2_a_role_ends_once(world: World) -> None:
    cast = await on_stage(world)
    role = await role_of(world, cast.wang, RoleKind.OWNER)
    await ends(world, cast.chen, cast.wang, RoleKind.OWNER)
    assert (await cast.chen.taps_data(cast.chen.last, f"endsure:{role}")).text == "This has already ended."


async def test_d2_no_keeps_it(world: World) -> None:
    cast = await on_stage(world)
    role = await role_of(world, cast.wang, RoleKind.OWNER)
    await cast.chen.taps_data(cast.chen.last, f"endrole:{role}")
    asked = await cast.chen.sees("Would you like to end this now?")
    await cast.chen.taps(asked, "No, keep it")
    await until_it_says(world, asked, "Nothing has been changed.")
    assert list(await standings(world, cast.wang))
