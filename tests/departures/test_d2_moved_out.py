"""D2: of each open request of an owner who has moved out, the supervisor says what becomes of it."""

from __future__ import annotations

from sqlmodel import select

from concierge_bot.commands.invite import owner
from concierge_bot.desk.context import Desk
from concierge_bot.playground import Person
from storage.tables import people
from storage.tables.requests import Request, RequestState
from storage.tables.roles import RoleKind
from tests.departures.test_d2_ends import by_command, ends, role_of
from tests.roles.test_d3_several_places import answers_repair
from tests.runtime.harness import texts
from tests.support.cast import Cast, chooses, on_stage, rested, sends, until_it_says
from tests.support.world import World, newest, order_repair, tap

MOVED_OUT = "🏠 Wang has moved out; this is still open:"


async def _state(world: World, number: int) -> tuple[RequestState, int]:
    def found(desk: Desk) -> tuple[RequestState, int]:
        request = desk.session.get_one(Request, number)
        return request.state, desk.person(request.person_id).telegram_id or 0

    state: tuple[RequestState, int] = await world.look(found)
    return state


async def _moved_out(world: World) -> tuple[Cast, int]:
    """Wang has ordered a repair, Anna has it, and Wang moves out."""
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    card = await cast.maintenance.sees(f"#{number}")
    await cast.anna.taps(card, f"claim:{number}")
    await until_it_says(world, card, "Anna")
    await ends(world, cast.chen, cast.wang, RoleKind.OWNER)
    return cast, number


async def _next_owner(world: World) -> Person:
    li = world.telegram.person("Li")
    await li.starts(await world.code(owner(villa="8", surname="Li", title="ms")))
    await world.chooses_language(li, "en")
    return li


async def test_d2_a_request_of_an_owner_who_moved_out_is_finished_where_the_supervisor_says_so(world: World) -> None:
    cast, number = await _moved_out(world)
    asked = await cast.chen.sees(MOVED_OUT)
    await cast.chen.taps(asked, "Finish it")
    await until_it_says(world, asked, "It will be completed as requested.")
    assert await _state(world, number) == (RequestState.CLAIMED, cast.wang.id)


async def test_d2_it_is_cancelled_and_the_holder_is_told(world: World) -> None:
    cast, number = await _moved_out(world)
    asked = await cast.chen.sees(MOVED_OUT)
    await cast.chen.taps(asked, "Cancel it")
    await until_it_says(world, asked, f"#{number} has been cancelled.")
    await cast.maintenance.sees("Anna, the service centre closed it: “The owner has moved out.”")
    assert (await _state(world, number))[0] is RequestState.CANCELLED
    assert (await cast.chen.taps_data(asked, f"movedout:{number}:next")).answered
    await until_it_says(world, asked, "This has been settled.")


async def test_d2_the_reason_of_a_button_is_read_in_each_readers_language(world: World) -> None:
    cast, _number = await _moved_out(world)
    asked = await cast.chen.sees(MOVED_OUT)

    def speaks_chinese(desk: Desk) -> None:
        desk.session.exec(
            select(people.Person).where(people.Person.telegram_id == cast.chen.id)
        ).one().language = "zh_Hans"

    await world.desk(speaks_chinese)
    await cast.chen.taps(asked, "Cancel it")
    await until_it_says(world, asked, "已取消")
    await cast.maintenance.sees("Anna, the service centre closed it: “The owner has moved out.”")
    await cast.wang.sees("“The owner has moved out.”")


async def test_d2_it_is_handed_to_the_next_owner_of_the_villa(world: World) -> None:
    cast, number = await _moved_out(world)
    asked = await cast.chen.sees(MOVED_OUT)
    answer = await cast.chen.taps(asked, "For the next owner")
    assert answer.text == "Nobody else has joined for this villa yet."
    li = await _next_owner(world)
    await cast.chen.taps(asked, "For the next owner")
    await until_it_says(world, asked, "Now for: Li.")
    await li.sees(f"#{number}")
    assert await _state(world, number) == (RequestState.CLAIMED, li.id)
    assert newest(cast.wang, f"cancel:{number}") is None
    await cast.wang.sees("This request will be completed for the villa's next owner.")
    before = len(texts(world.telegram, cast.wang.id))
    card = await cast.maintenance.sees(f"#{number}")
    await cast.anna.taps(card, f"onsite:{number}")
    await rested(world)
    assert len(texts(world.telegram, cast.wang.id)) == before


async def test_d2_an_owner_of_another_villa_of_theirs_is_asked_for_nothing(world: World) -> None:
    """Who gives one of two villas back keeps the other, and the requests for it."""
    cast = await on_stage(world)
    await cast.wang.starts(await world.code(owner(villa="9", surname="Wang", title="mr")))
    await world.chooses_language(cast.wang, "en")
    await cast.wang.writes("/menu")
    await tap(world, cast.wang, "service:repair")
    await chooses(cast.wang, "Which villa is it for?", "✓ Villa 9")
    await answers_repair(world, cast.wang)
    number = await sends(cast.wang)

    def of_eight(desk: Desk) -> None:
        from_villa = desk.session.get_one(Request, number)
        assert desk.villa(from_villa.villa_id).name == "9"

    await world.look(of_eight)
    await by_command(world, cast.wang, RoleKind.OWNER, villa="8")
    await cast.wang.sees("Villa 8 is no longer yours")
    assert all(MOVED_OUT not in text for text in texts(world.telegram, cast.chen.id))
    assert await role_of(world, cast.wang, RoleKind.OWNER)
    other = await order_repair(world, cast.wang)
    assert other > number


async def test_d2_of_a_villa_that_was_given_back_the_cards_lose_their_buttons_and_say_on_what_is_done(
    world: World,
) -> None:
    """Who gives one of two villas back reads how their request ends, and says nothing of it any more."""
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    card = await cast.wang.sees(f"#{number}")
    await cast.wang.starts(await world.code(owner(villa="9", surname="Wang", title="mr")))
    await world.chooses_language(cast.wang, "en")
    await by_command(world, cast.wang, RoleKind.OWNER, villa="8")
    await cast.wang.sees("Villa 8 is no longer yours")
    await world.telegram.until(lambda: newest(cast.wang, f"cancel:{number}") is None)
    answer = await cast.wang.taps_data(card, f"cancelsure:{number}")
    assert answer.text == "There is no such request."
    sent = await cast.wang.writes("/requests")
    await cast.wang.sees("You have no requests yet. We are at your service.", after=sent)
    shown = await cast.maintenance.sees(f"#{number}")
    for data in (f"claim:{number}", f"onsite:{number}", f"done:{number}"):
        await cast.anna.taps(shown, data)
        await rested(world)
    world.turn(minutes=2)
    said = await cast.wang.sees(f"Anna has completed your request #{number} (Repairs).")
    assert not said.buttons
    assert (await cast.wang.taps_data(said, f"sign:{number}:good")).text == "There is no such request."
