"""Joining: invitations, strangers, staff chats and their members."""

from __future__ import annotations

import pytest
from sqlmodel import select

from concierge_bot.commands.invite import manager, owner
from storage.tables.people import Invite
from tests.support.world import World, forged_tap, newest, order_repair, tap


async def test_an_invitation_binds_once_and_greets_by_name(world: World) -> None:
    code = await world.code(owner(villa="8", surname="Wang", title="mr"))
    wang, other = world.telegram.person("W"), world.telegram.person("Other")
    await wang.starts(code)
    await tap(world, wang, "lang:en")
    await wang.sees("Welcome, Mr Wang.")
    await other.starts(code)
    await other.sees("this invitation is no longer valid")
    await wang.starts(code)
    await world.telegram.settled()
    assert "is no longer valid" not in wang.last.text


async def test_an_owner_without_a_title_is_asked_for_it(world: World) -> None:
    code = await world.code(owner(villa="8", surname="O'Neill <b>"))
    person = world.telegram.person("Maeve")
    await person.starts(code)
    await tap(world, person, "lang:en")
    await person.sees("How may we address you?")
    await tap(world, person, "title:dr")
    await person.sees("Dr O'Neill <b>")


async def test_an_expired_code_is_refused(world: World) -> None:
    code = await world.code(owner(villa="8", surname="Wang"))
    world.turn(days=14, seconds=1)
    wang = world.telegram.person("W")
    await wang.starts(code)
    await wang.sees("this invitation is no longer valid")


async def test_guessing_is_slowed_down(world: World) -> None:
    code = await world.code(owner(villa="8", surname="Wang"))
    thief = world.telegram.person("Thief")
    for guess in range(4):
        sent = await thief.starts(f"guess{guess}")
        await thief.sees("this invitation is no longer valid", after=sent)
    sent = await thief.starts(code)
    await thief.sees("this invitation is no longer valid", after=sent)
    world.turn(minutes=10)
    await thief.starts(code)
    await tap(world, thief, "lang:en")


async def test_codes_are_kept_as_hashes_only(world: World) -> None:
    code = await world.code(owner(villa="8", surname="Wang"))
    kept = await world.desk(lambda desk: desk.session.exec(select(Invite)).one())
    assert code not in repr(kept)


@pytest.mark.rows_of_words
@pytest.mark.parametrize("words", ["/start", "/menu", "/requests", "/help", "hello", "/staffchat butlers"])
async def test_a_stranger_learns_only_how_to_be_invited(world: World, words: str) -> None:
    stranger = world.telegram.person("Stranger")
    await stranger.starts()
    await stranger.writes(words)
    await stranger.sees("ask the service centre of your estate for an invitation")
    await world.telegram.settled()
    for message in stranger.screen():
        assert "Repairs" not in message.text
        assert not message.buttons


async def test_who_leaves_the_staff_chat_is_not_staff(world: World) -> None:
    chen = await world.supervisor("Chen")
    anna = world.telegram.person("Anna")
    group = await world.team("maintenance", anna, by=chen)
    wang = await world.owner("Wang")
    number = await order_repair(world, wang)
    card = await group.sees(f"#{number}")
    await group.remove(anna)
    await world.telegram.settled()
    world.telegram.inject(forged_tap(anna, card, f"claim:{number}"))
    await world.telegram.settled()
    assert "Waiting since" in card.text
    await group.add(anna)
    assert (await anna.taps_data(card, f"claim:{number}")).text == f"#{number} is yours."


async def test_only_a_supervisor_makes_a_staff_chat(world: World) -> None:
    await world.supervisor("Chen")
    anna = world.telegram.person("Anna")
    group = world.telegram.group("Ours", by=anna)
    await group.add_bot(by=anna)
    await anna.writes("/staffchat butlers", chat=group)
    await group.sees("Only a supervisor can do this.")


async def test_adding_the_bot_offers_the_teams(world: World) -> None:
    chen = await world.supervisor("Chen")
    group = world.telegram.group("Butlers", by=chen)
    await group.add_bot(by=chen)
    await tap(world, chen, "staffchat:butlers", group)
    await group.sees("This is now the staff chat for Butlers")


async def test_the_bot_taken_out_of_a_staff_chat_tells_the_supervisor(world: World) -> None:
    chen = await world.supervisor("Chen")
    group = await world.team("butlers", by=chen)
    await group.remove_bot(by=chen)
    await chen.sees("the staff chat “Butlers” is without me now")


async def test_a_group_that_moves_keeps_its_requests(world: World) -> None:
    chen = await world.supervisor("Chen")
    anna = world.telegram.person("Anna")
    group = await world.team("maintenance", anna, by=chen, kind="group")
    wang = await world.owner("Wang")
    first = await order_repair(world, wang)
    await group.sees(f"#{first}")
    await group.migrate()
    await group.sees(f"#{first}")
    second = await order_repair(world, wang)
    await group.sees(f"#{second}")
    await tap(world, anna, f"claim:{first}", group)
    await group.sees("Taken by Anna")
    assert newest(group, f"claim:{second}") is not None


async def test_a_butler_who_becomes_supervisor_stays_one_person(world: World) -> None:
    from concierge_bot.commands.invite import supervisor  # noqa: PLC0415

    chen = await world.supervisor("Chen")
    anna = world.telegram.person("Anna")
    await world.team("maintenance", anna, by=chen)
    await anna.starts(await world.code(supervisor(name="Anna")))
    await tap(world, anna, "lang:en")
    await anna.sees("Your role here: supervisor")


async def test_a_property_manager_is_greeted_as_one(world: World) -> None:
    boss = world.telegram.person("Boss")
    await boss.starts(await world.code(manager(name="Boss")))
    await tap(world, boss, "lang:en")
    greeted = await boss.sees("Your role here: property manager")
    assert "Requests appear in the staff chat" not in greeted.text


async def test_a_butler_who_was_in_the_group_before_the_bot_is_recognised(world: World) -> None:
    chen = await world.supervisor("Chen")
    anna = world.telegram.person("Anna")
    await world.team("maintenance", anna, by=chen)
    await anna.starts()
    await tap(world, anna, "lang:en")
    await anna.sees("Requests appear in the staff chat")
