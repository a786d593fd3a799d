"""D3: one account may own several villas, and be somebody on several estates: it says for which it speaks."""

from __future__ import annotations

from concierge_bot.commands.invite import owner
from concierge_bot.desk.context import Desk
from concierge_bot.desk.departures import ending
from concierge_bot.desk.roles import accounts, register
from concierge_bot.playground import Message, Person
from storage.tables.requests import Request
from tests.support.cast import begins_repair, chooses, on_stage, rested, sends, until_it_says
from tests.support.estates import LAKESIDE, code_at, home_of, lakeside
from tests.support.world import World, newest, tap

WHICH = "Which villa is it for?"
PLACES = "For which place are you writing to me here?"


async def _joins(world: World, person: Person, code: str) -> None:
    await person.starts(code)
    await world.chooses_language(person, "en")
    await rested(world)


async def _of_two_villas(world: World) -> Person:
    """Wang owns villas 8 and 9, and has 9 in hand."""
    cast = await on_stage(world)
    await _joins(world, cast.wang, await world.code(owner(villa="9", surname="Wang", title="mr")))
    return cast.wang


async def _villa_of(world: World, number: int) -> str:
    def found(desk: Desk) -> str:
        return desk.villa(desk.session.get_one(Request, number).villa_id).name

    name: str = await world.look(found)
    return name


async def _menu(person: Person) -> Message:
    sent = await person.writes("/menu")
    return await person.sees("How may we be of service?", after=sent)


async def answers_repair(world: World, person: Person) -> None:
    """Answers the questions of a repair up to the summary."""
    for button in ("…:water", "…:minor"):
        await tap(world, person, button)
    await person.sees("3 of 5")
    await person.writes("The tap drips")
    await tap(world, person, "…:skip")
    await tap(world, person, "…:soon")
    await person.sees("Is everything correct? Tap Send and I will pass it on at once.")


async def test_d3_an_order_of_an_owner_of_two_villas_asks_once_for_which(world: World) -> None:
    wang = await _of_two_villas(world)
    await wang.taps(await _menu(wang), "🔧 Repairs")
    asked = await wang.sees(WHICH)
    assert [button.text for row in asked.buttons for button in row] == ["Villa 8", "✓ Villa 9"]
    await wang.taps(asked, "Villa 8")
    await answers_repair(world, wang)
    await wang.sees("🏡 Villa 8")
    number = await sends(wang)
    assert await _villa_of(world, number) == "8"
    await wang.taps(await _menu(wang), "🔧 Repairs")
    assert [button.text for row in (await wang.sees(WHICH)).buttons for button in row] == ["✓ Villa 8", "Villa 9"]


async def test_d3_the_summary_names_the_villa_and_changes_it(world: World) -> None:
    wang = await _of_two_villas(world)
    await wang.taps(await _menu(wang), "🔧 Repairs")
    await chooses(wang, WHICH, "✓ Villa 9")
    await answers_repair(world, wang)
    summary = await wang.sees("Is everything correct? Tap Send and I will pass it on at once.")
    assert "🏡 Villa 9" in summary.text
    _, before = newest(wang, "send:") or (None, "")
    await wang.taps(summary, "🏡 Another villa")
    await chooses(wang, WHICH, "Villa 8")
    await until_it_says(world, summary, "🏡 Villa 8")
    await wang.taps_data(summary, before)  # of the summary that said 9
    await until_it_says(world, summary, "It would now be sent like this")
    assert await _villa_of(world, await sends(wang)) == "8"


async def test_d3_what_was_begun_for_a_villa_that_is_theirs_no_more_is_for_the_other(world: World) -> None:
    wang = await _of_two_villas(world)
    await wang.taps(await _menu(wang), "🔧 Repairs")
    await chooses(wang, WHICH, "✓ Villa 9")
    await answers_repair(world, wang)
    summary = await wang.sees("Is everything correct? Tap Send and I will pass it on at once.")
    assert "🏡 Villa 9" in summary.text

    def moves_out(desk: Desk) -> None:
        (person,) = accounts.persons(desk, wang.id)
        (role,) = [one for one in register.standing(desk, person) if desk.villa(one.villa_id or 0).name == "9"]
        assert ending.end_for_operator(desk, role)

    await world.desk(moves_out)
    await rested(world)
    await wang.taps(summary, "✅ Send")
    await until_it_says(world, summary, "It would now be sent like this")
    assert await _villa_of(world, await sends(wang)) == "8"


async def test_d3_who_owns_one_villa_is_asked_for_none(world: World) -> None:
    cast = await on_stage(world)
    menu = await _menu(cast.wang)
    assert newest(cast.wang, "places") is None
    assert menu.buttons
    await begins_repair(cast.wang)
    sent = await cast.wang.writes("/place")
    await cast.wang.sees("You have only one place here", after=sent)


async def test_d3_an_account_says_for_which_estate_it_speaks(world: World) -> None:
    cast = await on_stage(world)
    home = await home_of(world)
    await lakeside(world)
    await _joins(world, cast.chen, await code_at(world, LAKESIDE, owner(villa="3", surname="Chen", title="ms")))
    sent = await cast.chen.writes("/menu")
    await cast.chen.sees("How may we be of service?", after=sent)
    await tap(world, cast.chen, "places")
    await chooses(cast.chen, PLACES, home)
    await cast.chen.sees("Your role here: supervisor")
    sent = await cast.chen.writes("/open")
    await cast.chen.sees("There are no open requests", after=sent)
    await cast.chen.writes("/place")
    await chooses(cast.chen, PLACES, f"{LAKESIDE}, Villa 3")
    await cast.chen.sees("How may we be of service?")
    sent = await cast.chen.writes("/open")
    await cast.chen.sees("Only a supervisor can do this.", after=sent)


async def test_d3_a_tap_on_a_card_is_of_the_person_whose_card_it_is(world: World) -> None:
    cast = await on_stage(world)
    await lakeside(world)
    await begins_repair(cast.wang)
    await cast.wang.writes("The tap drips")
    await tap(world, cast.wang, "…:skip")
    await tap(world, cast.wang, "…:soon")
    number = await sends(cast.wang)
    card = await cast.wang.sees(f"#{number}")
    await _joins(world, cast.wang, await code_at(world, LAKESIDE, owner(villa="3", surname="Wang", title="mr")))
    await cast.wang.taps_data(card, f"cancel:{number}")
    await cast.wang.taps_data(card, f"cancelsure:{number}")
    await until_it_says(world, card, "Cancelled")


async def test_d3_a_place_of_somebody_else_is_not_taken(world: World) -> None:
    wang = await _of_two_villas(world)
    li = await world.owner("Li", villa="10")
    await wang.writes("/place")
    _, data = await world.telegram.until(lambda: newest(wang, "place:"))
    assert (await li.taps_data(li.last, data)).text == "This place is no longer yours."
    service = newest(wang, "place:")
    assert service is not None
    answer = await li.taps_data(li.last, f"forvilla:{data.split(':')[2]}:repair")
    assert answer.text == "This place is no longer yours."
