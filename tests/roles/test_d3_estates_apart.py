"""D3: a link gives what it says and nothing else; what somebody is on another estate stays as it is."""

from __future__ import annotations

from concierge_bot.commands.invite import owner, supervisor
from concierge_bot.desk.context import Desk
from concierge_bot.desk.operations import estates
from concierge_bot.desk.people import invites
from concierge_bot.desk.roles import accounts, register
from concierge_bot.playground import Person
from storage.tables.roles import RoleWay
from tests.runtime.harness import texts
from tests.support.cast import on_stage, opens_the_bot, rested
from tests.support.estates import LAKESIDE, Standing, code_at, home_of, lakeside, standings, supervisors
from tests.support.world import World, newest, order_repair, tap


async def _joins(world: World, person: Person, code: str, language: str = "en") -> None:
    await person.starts(code)
    await world.chooses_language(person, language)
    await rested(world)


async def test_d3_an_owners_link_of_another_estate_makes_no_supervisor_there_and_takes_none_here(world: World) -> None:
    cast = await on_stage(world)
    home = await home_of(world)
    await lakeside(world)
    await _joins(world, cast.chen, await code_at(world, LAKESIDE, owner(villa="3", surname="Chen", title="ms")))
    assert await supervisors(world, home) == [cast.chen.id]
    assert await supervisors(world, LAKESIDE) == []
    found = await standings(world, cast.chen)
    assert found[LAKESIDE] == Standing(["owner of 3"], "3", supervises=False)
    assert found[home].supervises
    assert found[home].villa is None
    number = await order_repair(world, cast.wang)
    card = await cast.maintenance.sees(f"#{number}")
    answer = await cast.chen.taps_data(card, f"take:{number}")
    assert f"#{number} is yours" in str(answer.text)  # in the group of the estate that she answers for


async def test_d3_a_supervisor_of_one_estate_is_refused_on_the_other(world: World) -> None:
    cast = await on_stage(world)
    await lakeside(world)
    mori = world.telegram.person("Mori")
    await _joins(world, mori, await code_at(world, LAKESIDE, supervisor(name="Mori")))
    await _joins(world, mori, await world.code(owner(villa="9", surname="Mori", title="mr")))
    number = await order_repair(world, cast.wang)
    card = await cast.maintenance.sees(f"#{number}")
    await cast.maintenance.add(mori, cast.chen)
    await rested(world)
    assert (await mori.taps_data(card, f"take:{number}")).text == "Only a supervisor can do this."


async def test_d3_a_second_villa_is_added_to_the_first(world: World) -> None:
    home = await home_of(world)
    await world.supervisor("Chen")
    wang = await world.owner("Wang", villa="8")
    await _joins(world, wang, await world.code(owner(villa="9", surname="Wang", title="mr")))
    assert await standings(world, wang) == {home: Standing(["owner of 8", "owner of 9"], "9", supervises=False)}


async def test_d3_a_butler_who_buys_a_villa_stays_a_butler(world: World) -> None:
    cast = await on_stage(world)
    await cast.bo.starts()
    await world.chooses_language(cast.bo, "en")
    await _joins(world, cast.bo, await world.code(owner(villa="9", surname="Bo", title="mr")))
    (found,) = (await standings(world, cast.bo)).values()
    assert found == Standing(["butler in butlers", "owner of 9"], "9", supervises=False)


async def test_d3_who_enters_the_group_of_another_estate_works_there_too(world: World) -> None:
    cast = await on_stage(world)
    home = await home_of(world)
    await opens_the_bot(cast.bo)
    await lakeside(world)
    mori = world.telegram.person("Mori")
    await _joins(world, mori, await code_at(world, LAKESIDE, supervisor(name="Mori")))
    group = await world.team("butlers", by=mori)
    await group.add(cast.bo, mori)
    await group.add(cast.wang, mori)
    await rested(world)
    assert await standings(world, cast.bo) == {
        name: Standing(["butler in butlers"], None, supervises=False) for name in (home, LAKESIDE)
    }
    found = await standings(world, cast.wang)
    assert found[home] == Standing(["owner of 8"], "8", supervises=False)
    assert found[LAKESIDE] == Standing(["butler in butlers"], None, supervises=False)
    await group.remove(cast.bo, by=mori)
    await rested(world)
    assert list(await standings(world, cast.bo)) == [home]


async def test_d3_blocking_the_bot_counts_for_all_persons_of_an_account(world: World) -> None:
    await lakeside(world)
    await world.supervisor("Chen")
    wang = await world.owner("Wang")
    await _joins(world, wang, await code_at(world, LAKESIDE, owner(villa="3", surname="Wang", title="mr")))

    async def reachable() -> list[bool]:
        found: list[bool] = await world.look(lambda desk: [one.reachable for one in accounts.persons(desk, wang.id)])
        return found

    assert await reachable() == [True, True]
    await wang.blocks()
    await rested(world)
    assert await reachable() == [False, False]
    await wang.starts()
    await rested(world)
    assert await reachable() == [True, True]


async def test_d3_a_new_account_on_one_estate_takes_nothing_of_the_other(world: World) -> None:
    cast = await on_stage(world)
    await lakeside(world)
    li = world.telegram.person("Li")
    code = await world.code(owner(villa="9", surname="Li", title="ms"))
    await _joins(world, li, code)
    number = await order_repair(world, li)
    await _joins(world, li, await code_at(world, LAKESIDE, owner(villa="3", surname="Li", title="ms")))
    other = await order_repair(world, li)
    again = world.telegram.person("Li Na")
    await again.starts(code)
    await tap(world, cast.chen, "newlink:")
    shown = await cast.chen.sees("https://t.me/concierge_bot?start=")
    await _joins(world, again, shown.text.partition("?start=")[2].split()[0])
    await again.sees(f"#{number}")
    assert all(f"#{other}" not in text for text in texts(world.telegram, again.id))
    assert list(await standings(world, li)) == [LAKESIDE]


async def test_d3_a_link_whose_role_has_ended_gives_nothing(world: World) -> None:

    await world.supervisor("Chen")

    def ended(desk: Desk) -> str:
        person = owner(villa="8", surname="Wang", title="mr")(desk, estates.ensure_first(desk))
        code, _ = invites.invite(desk, person)
        for role in register.standing(desk, person):
            register.end(desk, role, by=None, how=RoleWay.COMMAND)
        return code

    code = await world.desk(ended)
    wang = world.telegram.person("Wang")
    await wang.starts(code)
    await wang.sees("this invitation is no longer valid")
    assert newest(wang, "lang:") is None
    assert await standings(world, wang) == {}
