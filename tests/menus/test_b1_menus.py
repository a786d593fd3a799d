"""B1: butlers were offered the owners' commands in private, and none in their group unless they led it."""

from __future__ import annotations

import re

from concierge_bot.commands.invite import supervisor
from concierge_bot.desk.queues.outbox import THE_BOT_ITSELF
from concierge_bot.i18n import of_menus
from concierge_bot.playground import Group, Person
from concierge_bot.playground.calls import Call
from concierge_bot.playground.faults import Fault, FaultKind
from concierge_bot.settings import SHIPPED_CATALOGUE
from storage.tables.menus import ToldMenu
from storage.tables.queues import OutboxMessage, Urgency
from tests.support.appointing import settled_in
from tests.support.cast import on_duty, on_stage, rested
from tests.support.looks import rows
from tests.support.world import World

OWNERS = ["menu", "requests", "profile", "language", "cancel", "help"]
OF_TEAM = {"my", "on", "off", "duty", "followups", "language", "help"}
OF_SUPERIORS = {"open", "late", "roster", "promises"}
CHANGES = ("setMyCommands", "deleteMyCommands")


def offered(world: World, person: Person, group: Group | None = None) -> list[str]:
    """What Telegram's app offers somebody behind the slash."""
    return [entry["command"] for entry in world.telegram.commands_for(person, group)]


async def helped(person: Person, group: Group | None = None) -> list[str]:
    """What /help lists, but for what works in another place."""
    asked = await person.writes("/help", chat=group) if group else await person.writes("/help")
    answer = await (group or person).sees("/help –", after=asked)
    here = answer.text.partition("In the group of a team")[0] if group is None else answer.text
    rest = answer.text.partition("Yourself")[2] if "In the group of a team" in answer.text else ""
    return re.findall(r"^/(\w+) –", here + rest, flags=re.MULTILINE)


def told(world: World) -> int:
    """How often Telegram was told of commands."""
    return sum(len(world.telegram.requests_of(method)) for method in CHANGES)


async def test_everybody_is_offered_what_they_may_do_there(world: World) -> None:
    cast = await settled_in(world)
    await rested(world)
    assert offered(world, cast.wang) == OWNERS
    assert OF_TEAM <= set(offered(world, cast.bo)) == set(offered(world, cast.bo, cast.butlers))
    assert {"announce", "announcements", *OF_SUPERIORS} <= set(offered(world, cast.chen))
    assert {"lead", "staffchat", *OF_SUPERIORS} <= set(offered(world, cast.chen, cast.butlers))
    assert not {"menu", "requests", "profile"} & {*offered(world, cast.bo), *offered(world, cast.chen)}
    assert not OF_SUPERIORS & {*offered(world, cast.bo), *offered(world, cast.anna, cast.maintenance)}


async def test_help_says_the_same_as_the_menu_of_the_chat(world: World) -> None:
    cast = await settled_in(world)
    await cast.anna.writes("/duty", chat=cast.maintenance)
    for person in (cast.wang, cast.bo, cast.chen):
        assert sorted(await helped(person)) == sorted(offered(world, person)), person.name
    for person, group in ((cast.bo, cast.butlers), (cast.chen, cast.butlers), (cast.anna, cast.maintenance)):
        assert sorted(await helped(person, group)) == sorted(offered(world, person, group)), person.name


async def test_the_lists_are_in_the_readers_language(world: World) -> None:
    cast = await settled_in(world)
    xu = world.telegram.person("Xu", language_code="zh-hans")
    await cast.butlers.add(xu, by=cast.chen)
    await rested(world)
    in_group = {entry["command"]: entry["description"] for entry in world.telegram.commands_for(xu, cast.butlers)}
    assert in_group["on"] == "开始值班"
    assert {entry["command"] for entry in world.telegram.commands_for(xu)} == set(OWNERS)  # not opened yet
    await cast.bo.writes("/language")
    await cast.bo.taps(await cast.bo.sees("language"), "简体中文")
    await rested(world)
    in_private = {entry["command"]: entry["description"] for entry in world.telegram.commands_for(cast.bo)}
    assert in_private["on"] == "开始值班"


async def test_language_is_ones_own_in_private_and_the_cards_in_a_group(world: World) -> None:
    cast = await settled_in(world)
    await rested(world)
    for group, said in ((None, "Change the language"), (cast.butlers, "Choose the language of the cards")):
        (found,) = [one for one in world.telegram.commands_for(cast.bo, group) if one["command"] == "language"]
        assert found["description"] == said


async def test_the_list_follows_the_role(world: World) -> None:
    cast = await settled_in(world)
    await rested(world)
    assert "on" in offered(world, cast.bo)
    await cast.butlers.remove(cast.bo, by=cast.chen)
    await rested(world)
    assert offered(world, cast.bo) == OWNERS
    await cast.butlers.add(cast.bo, by=cast.chen)
    await rested(world)
    assert "on" in offered(world, cast.bo)
    assert "open" not in offered(world, cast.bo, cast.butlers)
    await cast.bo.starts(await world.code(supervisor(name="Bo", language="en")))
    await rested(world)
    assert "open" in offered(world, cast.bo)
    assert "open" in offered(world, cast.bo, cast.butlers)


async def test_a_supervisor_in_a_group_that_another_made_is_offered_what_they_use_there(world: World) -> None:
    cast = await on_stage(world)
    mori = world.telegram.person("Mori")
    group = world.telegram.group("Butlers two", by=mori, members=[cast.chen])
    await group.add_bot(by=cast.chen, admin=True)
    other = await world.supervisor("Lund")
    await group.add(other)
    await other.writes("/staffchat butlers", chat=group)
    await group.sees("staff chat for")
    await cast.chen.writes("/open", chat=group)
    await group.sees("There are no open requests")
    await rested(world)
    assert "open" in offered(world, cast.chen, group)
    assert "open" in offered(world, other, group)
    assert offered(world, cast.bo, cast.butlers) == ["staffchat"]  # the team works elsewhere now


async def test_nothing_is_told_again_at_the_next_start(world: World) -> None:
    cast = await settled_in(world)
    await rested(world)
    before, known = told(world), len(await rows(world, ToldMenu))
    await world.restart()
    await cast.bo.writes("/duty")
    await cast.bo.sees("On duty now")
    await rested(world)
    assert told(world) == before
    assert len(await rows(world, ToldMenu)) == known


async def test_what_is_told_of_the_bot_to_all_goes_behind_every_message(world: World) -> None:
    """In twelve languages these are many calls; a list for one person's chat is theirs, and does not wait."""
    await settled_in(world)
    await rested(world)
    told = [row for row in await rows(world, OutboxMessage) if row.chat_id == THE_BOT_ITSELF]
    of_a_chat = {row.urgency for row in told if "chat_id" in row.params.get("scope", {})}
    of_all = {row.urgency for row in told if "chat_id" not in row.params.get("scope", {})}
    assert (of_a_chat, of_all) == ({Urgency.ROUTINE}, {max(Urgency)})


async def test_a_list_that_telegram_refused_is_told_again_at_the_next_start_and_no_other(world: World) -> None:
    cast = await on_stage(world)
    await cast.bo.writes("/duty", chat=cast.butlers)
    await cast.butlers.sees("On duty now")
    await rested(world)
    refused = Fault(FaultKind.FORBIDDEN, method="setMyCommands", times=1, description="Forbidden: not now")
    world.telegram.faults.add(refused)
    await cast.bo.starts()
    await cast.bo.sees("Requests appear in the staff chat")
    await world.telegram.until(lambda: refused.struck)
    await rested(world)
    assert offered(world, cast.bo) == OWNERS
    before = told(world)
    await world.restart()
    await world.telegram.until(lambda: "on" in offered(world, cast.bo))
    await rested(world)
    assert told(world) == before + 1


async def test_what_an_older_program_told_administrators_hides_nothing(database_url: str) -> None:
    async with on_duty(database_url, catalogue=SHIPPED_CATALOGUE) as world:

        def deleted() -> list[Call]:
            calls = world.telegram.requests_of("deleteMyCommands")
            return [call for call in calls if "all_chat_administrators" in str(call.params["scope"])]

        await world.telegram.until(lambda: len(deleted()) == 2)


async def test_a_list_that_telegram_holds_up_is_told_later_and_holds_up_nobody(world: World) -> None:
    cast = await on_stage(world)
    await cast.bo.writes("/duty", chat=cast.butlers)
    await cast.butlers.sees("On duty now")
    await rested(world)
    flood = Fault(FaultKind.TOO_MANY_REQUESTS, method="setMyCommands", times=1, retry_after=1)
    world.telegram.faults.add(flood)
    await cast.bo.starts()
    await cast.bo.sees("Requests appear in the staff chat")
    await world.telegram.until(lambda: flood.struck)
    assert offered(world, cast.bo) == OWNERS
    world.turn(seconds=1)
    await world.telegram.until(lambda: "on" in offered(world, cast.bo))


async def test_whoever_comes_back_reads_what_has_changed_meanwhile(world: World) -> None:
    cast = await settled_in(world)
    await rested(world)
    await cast.bo.blocks()
    await cast.butlers.remove(cast.bo, by=cast.chen)
    await rested(world)
    await cast.bo.starts()
    await rested(world)
    assert offered(world, cast.bo) == OWNERS


async def test_a_group_that_became_a_supergroup_keeps_its_list(world: World) -> None:
    chen = await world.supervisor("Chen")
    bo = world.telegram.person("Bo")
    group = await world.team("butlers", bo, by=chen, kind="group")
    await rested(world)
    assert "on" in offered(world, bo, group)
    await group.migrate(by=chen)
    await rested(world)
    assert "on" in offered(world, bo, group)
    assert "open" in offered(world, chen, group)


async def test_the_bots_page_speaks_each_language_and_else_bears_the_operators_name(
    database_url: str,
) -> None:
    async with on_duty(database_url, catalogue=SHIPPED_CATALOGUE) as world:

        def said(method: str, of: str) -> dict[str, str]:
            calls = [call.params for call in world.telegram.requests_of(method)]
            return {str(params.get("language_code", "")): str(params[of]) for params in calls}

        every = len(of_menus())
        await world.telegram.until(lambda: len(said("setMyShortDescription", "short_description")) == every)
        await world.telegram.until(lambda: len(said("setMyDescription", "description")) == every)
        await world.telegram.until(lambda: len(said("setMyName", "name")) == every - 1)
        assert said("setMyName", "name")["zh"] == "Villa Estate 贴心管家"
        assert "" not in said("setMyName", "name")
        assert said("setMyDescription", "description")[""].startswith("Good day. This is the private concierge")
        assert said("setMyDescription", "description")["zh"].startswith("您好！这里是本社区业主的专属管家")
        assert said("setMyShortDescription", "short_description")["zh"] == "本社区业主的专属管家，凭邀请使用"
