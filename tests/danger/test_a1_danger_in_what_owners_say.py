"""Danger in what an owner says rings somebody within two taps, at night, too, and loses nothing that was said."""

from __future__ import annotations

import pytest
from sqlmodel import select

from concierge_bot.desk.context import Desk
from concierge_bot.playground import Message
from storage.tables.requests import Request
from tests.support.cast import Cast, at, begins, begins_repair, chooses, on_stage, opens_the_bot, rested
from tests.support.world import World

QUESTION = "Would you like somebody to come at once?"
COME, CAN_WAIT = "🚨 Come at once", "Not urgent"


async def _requests(world: World) -> list[Request]:
    def all_of_them(desk: Desk) -> list[Request]:
        return list(desk.session.exec(select(Request).order_by(Request.id)).all())  # type: ignore[arg-type]

    found: list[Request] = await world.desk(all_of_them)
    return found


async def _at_night(world: World) -> Cast:
    world.turn(hours=14)
    return await on_stage(world)


async def test_gas_typed_at_two_at_night_rings_the_engineers_with_sound_after_one_tap(world: World) -> None:
    cast = await _at_night(world)
    await opens_the_bot(cast.anna)
    await cast.wang.writes("Gas! It smells of gas")
    shown = await cast.wang.sees(QUESTION)
    assert "Fire brigade: 119" in shown.text
    assert "open windows only if" in shown.text
    await cast.wang.taps(shown, COME)
    card = await cast.maintenance.sees("URGENT")
    assert "It smells of gas" in card.text
    assert "💨 Gas" in card.text
    rung = await cast.anna.sees("URGENT")
    assert _sounds(world, card)
    assert _sounds(world, rung)
    await world.telegram.until(lambda: "I am calling whoever is on duty" in shown.text)
    assert "open windows only if" in shown.text
    assert [request.urgent for request in await _requests(world)] == [True]


async def test_words_of_danger_at_a_question_do_not_stay_with_what_was_being_ordered(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "purchase")
    await cast.wang.writes("Fire in the kitchen!")
    await chooses(cast.wang, QUESTION, COME)
    card = await cast.maintenance.sees("URGENT")
    assert "Fire in the kitchen!" in card.text
    sent = await cast.wang.writes("two lemons")
    await rested(world)
    assert [request.service for request in await _requests(world)] == ["repair"]
    assert sent is not None


async def test_a_false_alarm_costs_one_tap_and_the_words_are_used_as_they_would_have_been(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "purchase")
    await cast.wang.writes("A book about fire, please")
    await chooses(cast.wang, QUESTION, CAN_WAIT)
    shown = await at(cast.wang, "purchase", 2)
    await cast.wang.taps(shown, "As soon as possible")
    assert (
        "Request: A book about fire, please"
        in (await cast.wang.sees("Is everything correct? Tap Send and I will pass it on at once.")).text
    )
    world.turn(minutes=5)
    await rested(world)
    assert await _requests(world) == []


async def test_whoever_says_danger_and_nothing_more_is_come_to_after_two_minutes(world: World) -> None:
    cast = await _at_night(world)
    await cast.wang.writes("My wife collapsed")
    await cast.wang.sees(QUESTION)
    await rested(world)
    assert await _requests(world) == []
    world.turn(minutes=2)
    card = await cast.butlers.sees("URGENT")
    assert "has not answered since" in card.text
    assert "My wife collapsed" in card.text
    assert _sounds(world, card)
    assert _sounds(world, await cast.chen.sees("URGENT"))
    await cast.wang.sees("As I have not heard from you, I am calling whoever is on duty")
    world.turn(minutes=2)
    await rested(world)
    assert len(await _requests(world)) == 1


async def test_what_comes_before_the_answer_is_kept_a_photo_too(world: World) -> None:
    cast = await on_stage(world)
    await cast.wang.writes("there is smoke")
    await cast.wang.sees(QUESTION)
    sent = await cast.wang.writes("second floor, at the back")
    await cast.wang.sees(QUESTION, after=sent)
    sent = await cast.wang.sends_photo()
    shown = await cast.wang.sees(QUESTION, after=sent)
    await cast.wang.taps(shown, COME)
    card = await cast.maintenance.sees("URGENT")
    assert "there is smoke" in card.text
    assert "second floor, at the back" in card.text
    assert "📎 1 attachment" in card.text


async def test_what_is_said_after_it_goes_with_the_danger_at_once(world: World) -> None:
    cast = await on_stage(world)
    await cast.wang.writes("着火了")
    await chooses(cast.wang, QUESTION, COME)
    await cast.maintenance.sees("URGENT")
    await cast.wang.writes("hurry, it is the kitchen")
    await cast.maintenance.sees("The owner has added:")
    await cast.wang.sees("I have passed it on and added it to")
    await rested(world)
    assert len(await _requests(world)) == 1


async def test_a_caption_and_an_edit_are_heard_too(world: World) -> None:
    cast = await on_stage(world)
    await begins_repair(cast.wang)
    await cast.wang.sends_photo(caption="sparks at the socket")
    await chooses(cast.wang, QUESTION, CAN_WAIT)
    await at(cast.wang, "repair", 4)
    written = await cast.wang.writes("the lamp in the hall")
    await cast.wang.edits(written, "the lamp in the hall is burning")
    await cast.wang.sees(QUESTION, after=written)


async def test_two_taps_and_a_late_other_one_make_one_request(world: World) -> None:
    cast = await on_stage(world)
    await cast.wang.writes("电梯困人")
    shown = await cast.wang.sees(QUESTION)
    come = _data(shown, "come")
    await cast.wang.taps(shown, COME)
    await cast.maintenance.sees("URGENT")
    await cast.wang.taps_data(shown, come)
    await cast.wang.taps_data(shown, come.replace("come", "canwait"))
    await rested(world)
    assert len(await _requests(world)) == 1
    assert (await _requests(world))[0].state == "open"


async def test_it_can_wait_may_still_become_come_at_once(world: World) -> None:
    cast = await on_stage(world)
    await cast.wang.writes("I smell something burning")
    shown = await cast.wang.sees(QUESTION)
    data = _data(shown, "come")
    await cast.wang.taps(shown, CAN_WAIT)
    await cast.wang.taps_data(shown, data)
    await cast.maintenance.sees("URGENT")


@pytest.mark.rows_of_words
@pytest.mark.parametrize("typed", ["come at once", "🚨 Come at once", "Yes!", "请立即前来"])
async def test_the_buttons_words_may_be_typed(world: World, typed: str) -> None:
    cast = await on_stage(world)
    await cast.wang.writes("flames in the oven")
    await cast.wang.sees(QUESTION)
    await cast.wang.writes(typed)
    await cast.maintenance.sees("URGENT")


async def test_an_owner_who_reads_chinese_is_asked_in_chinese(world: World) -> None:
    cast = await on_stage(world, language="zh_Hans")
    await cast.wang.writes("the kitchen is on fire")
    shown = await cast.wang.sees("需要我们立即派人前来吗")
    assert "消防" in shown.text
    await cast.wang.taps(shown, "🚨 请立即前来")
    await cast.maintenance.sees("URGENT")


def _data(shown: Message, name: str) -> str:
    buttons = [button.data or "" for row in shown.buttons for button in row]
    return next(data for data in buttons if data.startswith(name))


def _sounds(world: World, message: Message) -> bool:
    silent = {
        call.result["message_id"]: call.params.get("disable_notification", False)
        for call in world.telegram.requests_of("sendMessage")
        if call.chat_id == message.chat.id and isinstance(call.result, dict)
    }
    return str(silent[message.id]).lower() != "true"
