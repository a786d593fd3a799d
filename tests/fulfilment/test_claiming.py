"""Claims: one has it, everybody sees who, and only they or a supervisor move it on."""

from __future__ import annotations

import asyncio

import pytest

from concierge_bot.commands.invite import owner, supervisor
from concierge_bot.desk.cards import cards
from concierge_bot.desk.cards.readers import ReaderKind
from concierge_bot.desk.context import Desk
from concierge_bot.desk.requests import repository
from concierge_bot.playground import Group, Message, Person
from storage.tables.people import Estate
from tests.support.cast import Cast, number_of, on_stage, rested, until_it_says
from tests.support.world import World, order_repair, tap

MOVES = ("onsite", "done", "release")


async def _claimed(world: World) -> tuple[Cast, Person, Message, int]:
    """A repair that Anna has claimed, and Ben, who is on her team."""
    cast = await on_stage(world)
    ben = world.telegram.person("Ben")
    await cast.maintenance.add(ben)
    number = await order_repair(world, cast.wang)
    card = await cast.maintenance.sees(f"#{number}")
    await cast.anna.taps(card, "Claim")
    await until_it_says(world, card, "Taken by Anna")
    return cast, ben, card, number


@pytest.mark.rows_of_words
@pytest.mark.parametrize("move", MOVES)
async def test_only_who_has_it_moves_it_on(world: World, move: str) -> None:
    cast, ben, card, number = await _claimed(world)
    for colleague, said in (
        (ben, "Anna has this request."),
        (cast.wang, "Only members of this team can do this, in their own chat."),
    ):
        shown = card if colleague is ben else await cast.wang.sees(f"#{number}")
        answer = await colleague.taps_data(shown, f"{move}:{number}")
        assert (answer.text, answer.alert) == (said, True)
    assert "Taken by Anna, 12:00" in card.text
    assert (await cast.anna.taps_data(card, f"{move}:{number}")).answered
    await until_it_says(world, card, {"onsite": "Anna on site", "done": "Done by Anna", "release": "Waiting"}[move])


@pytest.mark.rows_of_words
@pytest.mark.parametrize("move", MOVES)
async def test_a_supervisor_moves_it_on_for_whoever_has_it(world: World, move: str) -> None:
    cast, _, card, number = await _claimed(world)
    await cast.chen.taps_data(card, f"{move}:{number}")
    await until_it_says(world, card, {"onsite": "Anna on site", "done": "Done by Anna", "release": "Waiting"}[move])


@pytest.mark.rows_of_words
@pytest.mark.parametrize("move", MOVES)
async def test_nobody_moves_on_what_nobody_has(world: World, move: str) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    card = await cast.maintenance.sees(f"#{number}")
    answer = await cast.anna.taps_data(card, f"{move}:{number}")
    assert answer.text == "Nobody has this request yet: please claim it first."
    assert card.button_texts == ["✋ Claim"]


async def test_a_release_is_seen_by_the_group_and_by_the_owner(world: World) -> None:
    cast, ben, card, number = await _claimed(world)
    world.turn(minutes=2)
    await cast.anna.taps(card, "Release")
    told = await cast.maintenance.sees(f"↺ #{number} · Villa 8 · Repairs: Anna has handed it back. Who can take it?")
    assert told.reply_to is card
    await until_it_says(world, card, "Waiting since 12:02")
    await cast.wang.sees("↺ We are arranging a colleague for you, 12:02")
    assert (await ben.taps(card, "Claim")).text == f"#{number} is yours."
    assert (await cast.anna.taps_data(card, f"release:{number}")).text == "Ben has this request."


async def test_done_twice_is_done_once(world: World) -> None:
    cast, _, card, number = await _claimed(world)
    world.turn(minutes=9)
    answers = await asyncio.gather(*(cast.anna.taps_data(card, f"done:{number}") for _ in range(3)))
    assert sorted(str(answer.text) for answer in answers) == [
        *[f"#{number} has already been done (12:09)."] * 2,
        "Done. Thank you!",
    ]
    world.turn(minutes=1)
    shown = await cast.wang.sees("✓ Done, 12:09")
    assert shown.text.count("✓ Done") == 1


async def test_on_site_twice_and_after_done(world: World) -> None:
    cast, ben, card, number = await _claimed(world)
    await cast.anna.taps_data(card, f"onsite:{number}")
    assert (await cast.anna.taps_data(card, f"onsite:{number}")).text == f"You already have #{number}."
    await cast.anna.taps_data(card, f"done:{number}")
    for colleague in (cast.anna, ben):
        for move in ("claim", *MOVES):
            answer = await colleague.taps_data(card, f"{move}:{number}")
            assert answer.text == f"#{number} has already been done (12:00)."


async def test_of_what_was_cancelled_everybody_reads_so(world: World) -> None:
    cast, ben, card, number = await _claimed(world)
    mine = await cast.wang.sees(f"#{number}")
    await cast.wang.taps_data(mine, f"cancelsure:{number}")
    await until_it_says(world, card, "Cancelled")
    for colleague in (cast.anna, ben, cast.chen):
        for move in ("claim", *MOVES):
            answer = await colleague.taps_data(card, f"{move}:{number}")
            assert answer.text == f"The owner cancelled #{number}, 12:00."


async def test_of_what_was_cancelled_unclaimed_everybody_reads_so(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    card = await cast.maintenance.sees(f"#{number}")
    await cast.wang.taps_data(await cast.wang.sees(f"#{number}"), f"cancelsure:{number}")
    await until_it_says(world, card, "Cancelled")
    for move in ("claim", *MOVES):
        answer = await cast.anna.taps_data(card, f"{move}:{number}")
        assert answer.text == f"The owner cancelled #{number}, 12:00."


# Duplicates


async def _orphaned(
    world: World, cast: Cast, number: int, reader: str, group: Group | Person
) -> tuple[Message, Message]:
    """Makes another message the live card, as after a send whose answer was lost. Returns the orphan and the card."""
    orphan = await group.sees(f"#{number} · ")
    other = next(message for message in group.screen() if message.sender is orphan.sender and message is not orphan)

    def point_elsewhere(desk: Desk) -> None:
        request = repository.find(desk, number)
        assert request is not None
        card = cards.of_reader(desk, request, reader)
        assert card is not None
        card.message_id = other.id
        desk.session.flush()
        cards.refresh(desk, request)

    await rested(world)
    await world.desk(point_elsewhere)
    await cast.world.restart()
    await until_it_says(world, other, f"#{number} · ")
    return orphan, other


async def test_a_tap_on_a_duplicate_acts_and_mends_it(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    orphan, live = await _orphaned(world, cast, number, ReaderKind.TEAM, cast.maintenance)
    assert orphan.button_texts == ["✋ Claim"]
    assert (await cast.anna.taps(orphan, "Claim")).text == f"#{number} is yours."
    await until_it_says(world, live, "Taken by Anna")
    await until_it_says(world, orphan, "Taken by Anna")
    assert orphan.buttons == []
    assert live.button_texts == ["Anna has it", "📍 On site", "✅ Done", "Propose another time", "Release"]


async def test_a_tap_on_a_duplicate_of_what_somebody_has_mends_it(world: World) -> None:
    cast = await on_stage(world)
    ben = world.telegram.person("Ben")
    await cast.maintenance.add(ben)
    number = await order_repair(world, cast.wang)
    orphan, live = await _orphaned(world, cast, number, ReaderKind.TEAM, cast.maintenance)
    await cast.anna.taps(live, "Claim")
    await until_it_says(world, live, "Taken by Anna")
    assert (await ben.taps(orphan, "Claim")).text == "Taken by Anna, 12:00"
    await until_it_says(world, orphan, "Taken by Anna")
    assert orphan.buttons == []


async def test_an_owners_duplicate_is_mended_when_the_request_is_cancelled(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    orphan, live = await _orphaned(world, cast, number, ReaderKind.OWNER, cast.wang)
    await cast.wang.taps(orphan, "Cancel this request")
    await until_it_says(world, orphan, "Cancel this request?")
    await cast.wang.taps(orphan, "Yes, cancel it")
    await until_it_says(world, live, "✕ Cancelled")
    await until_it_says(world, orphan, "✕ Cancelled")
    assert orphan.buttons == []


# Who is on which team


async def test_a_member_of_another_team_claims_nothing(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    card = await cast.maintenance.sees(f"#{number}")
    elsewhere = await cast.butlers.sees("staff chat for")
    answer = await cast.bo.taps_data(elsewhere, f"claim:{number}")
    assert (answer.text, answer.alert) == ("Only members of this team can do this, in their own chat.", True)
    mine = await cast.bo.starts()
    await cast.bo.sees("", after=mine)
    answer = await cast.bo.taps_data(cast.bo.last, f"claim:{number}")
    assert answer.text == "Only members of this team can do this, in their own chat."
    await rested(world)
    assert "Waiting since" in card.text
    assert "staff chat for" in elsewhere.text


async def test_a_member_may_act_in_their_private_chat(world: World) -> None:
    cast, _, card, number = await _claimed(world)
    await cast.anna.starts()
    shown = await cast.anna.sees("Good afternoon")
    assert (await cast.anna.taps_data(shown, f"done:{number}")).text == "Done. Thank you!"
    await until_it_says(world, card, "Done by Anna")
    another = await order_repair(world, cast.wang)
    assert (await cast.anna.taps_data(shown, f"claim:{another}")).text == f"#{another} is yours."
    await cast.maintenance.sees(f"#{another} · Villa 8 · Repairs")
    await cast.wang.sees("✓ Taken by Anna")


@pytest.mark.rows_of_words
@pytest.mark.parametrize("move", ["claim", *MOVES])
async def test_who_is_no_member_does_nothing_in_their_private_chat(world: World, move: str) -> None:
    cast, ben, card, number = await _claimed(world)
    await cast.maintenance.remove(ben)
    await rested(world)
    of_another_team, of_none = "Only members of this team can do this, in their own chat.", "There is no such request."
    for person, said in ((cast.bo, of_another_team), (ben, of_none)):
        await person.starts()
        await rested(world)
        answer = await person.taps_data(person.last, f"{move}:{number}")
        assert (answer.text, answer.alert) == (said, True)
    await rested(world)
    assert "Taken by Anna" in card.text
    assert card.button_texts == ["Anna has it", "📍 On site", "✅ Done", "Propose another time", "Release"]


async def test_another_estates_people_have_no_hand_in_this_one(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    card = await cast.maintenance.sees(f"#{number}")

    def second(desk: Desk) -> tuple[str, str]:
        from concierge_bot.desk.people import invites  # noqa: PLC0415 - only here

        estate = Estate(name="Lakeside", timezone="Asia/Tokyo", language="en", currency="JPY")
        desk.session.add(estate)
        desk.session.flush()
        people = supervisor(name="Mori")(desk, estate), owner(villa="8", surname="Tanaka", title="mr")(desk, estate)
        return invites.invite(desk, people[0])[0], invites.invite(desk, people[1])[0]

    codes = await world.desk(second)
    mori, ito, tanaka = (world.telegram.person(name) for name in ("Mori", "Ito", "Tanaka"))
    for person, code in zip((mori, tanaka), codes, strict=True):
        await person.starts(code)
        await tap(world, person, "lang:en")
        await rested(world)
    there = await world.team("maintenance", ito, by=mori)
    theirs = await order_repair(world, tanaka, "Their own tap")
    shown = await there.sees(f"#{theirs}")
    assert "12:00" not in shown.text
    assert "Waiting since 13:00" in shown.text
    await rested(world)
    assert not [message for message in cast.maintenance.screen() if "Their own tap" in message.text]

    for person, screen in ((mori, mori.last), (ito, shown), (mori, shown), (tanaka, tanaka.last)):
        for action in ("claim", "onsite", "done", "release", "seen", "assign", "cancel", "cancelsure", "show"):
            answer = await person.taps_data(screen, f"{action}:{number}")
            assert answer.text, (person, action)
            assert answer.alert, (person, action)
    await rested(world)
    assert "Waiting since" in card.text
    assert "Their own tap" in shown.text
    assert number_of(await tap(world, ito, f"claim:{theirs}", there)) == theirs
