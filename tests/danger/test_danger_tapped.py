"""Danger that is tapped rings somebody with the next tap, says what to do meanwhile, and is asked about no more."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from concierge_bot.playground import Message
from storage.tables.requests import Request
from tests.support.cast import SERVICES, Cast, at, begins, chooses, on_stage, opens_the_bot, rested, sends
from tests.support.looks import rows
from tests.support.world import World

COME, QUESTION = "🚨 Come at once", "Would you like somebody to come at once?"
NIGHT = datetime(2026, 6, 15, 18, 0, tzinfo=UTC)  # 02:00
DANGEROUS = [
    (service, choice.text)
    for service, entry in SERVICES.items()
    for choice in entry.questions[0].choices
    if choice.danger is not None
]


async def _gas(cast: Cast) -> Message:
    """Taps Gas. Returns what is shown then."""
    await begins(cast.wang, "repair")
    await chooses(cast.wang, "What kind of problem is it?", "🔥 Gas")
    return await at(cast.wang, "repair", 3)


def test_there_are_dangers_to_tap() -> None:
    assert {service for service, _ in DANGEROUS} == {"repair", "medical", "security"}


@pytest.mark.rows_of_words
@pytest.mark.parametrize(("service", "label"), DANGEROUS)
async def test_whatever_is_dangerous_is_sent_with_the_next_tap(world: World, service: str, label: str) -> None:
    cast = await on_stage(world)
    world.clock.turn_to(NIGHT)
    await cast.wang.taps(await begins(cast.wang, service), label)
    shown = await cast.wang.sees("2 of 2") if len(SERVICES[service].questions) == 2 else await at(cast.wang, service, 3)
    assert "☎️" in shown.text
    assert "👉" in shown.text
    assert shown.button_texts[0] == COME
    await cast.wang.taps(shown, COME)
    assert "URGENT" in (await cast.chat_of(SERVICES[service].team).sees("URGENT")).text
    await world.telegram.until(lambda: "I am calling whoever is on duty" in shown.text)
    assert "👉" in shown.text


async def test_gas_rings_whoever_is_on_duty_and_what_to_do_stays_there(world: World) -> None:
    cast = await on_stage(world)
    await opens_the_bot(cast.anna)
    world.clock.turn_to(NIGHT)
    shown = await _gas(cast)
    answer = await cast.wang.taps(shown, COME)
    assert answer.text == "Thank you. We are seeing to it at once: your request is #1."
    await cast.anna.sees("URGENT")
    await world.telegram.until(lambda: "I am calling whoever is on duty" in shown.text)
    assert "open windows only if" in shown.text
    await cast.wang.sees("#1 · Repairs")


async def test_a_second_tap_finds_it_sent(world: World) -> None:
    cast = await on_stage(world)
    shown = await _gas(cast)
    data = next(button.data for row in shown.buttons for button in row if button.text == COME)
    await cast.wang.taps(shown, COME)
    await cast.maintenance.sees("URGENT")
    assert (await cast.wang.taps_data(shown, data or "")).text == "You have already sent this: it is #1."
    assert len(await rows(world, Request)) == 1


async def test_an_urgent_repair_is_offered_at_once_too(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "repair")
    await chooses(cast.wang, "What kind of problem is it?", "💧 Water")
    shown = await at(cast.wang, "repair", 2)
    assert [text for text in shown.button_texts if text in ("Not urgent", "🚨 Urgent: please come at once")] == [
        "Not urgent",
        "🚨 Urgent: please come at once",
    ]
    assert COME not in shown.button_texts
    await cast.wang.taps(shown, "🚨 Urgent: please come at once")
    await cast.wang.taps(await at(cast.wang, "repair", 3), COME)
    await cast.maintenance.sees("URGENT")


@pytest.mark.parametrize(("language", "said"), [("en", "it smells of gas in the kitchen"), ("zh_Hans", "厨房有煤气味")])
async def test_saying_gas_once_gas_is_tapped_asks_nothing_more(world: World, language: str, said: str) -> None:
    cast = await on_stage(world, language=language)
    await begins(cast.wang, "repair", language=language)
    gas = {"en": "🔥 Gas", "zh_Hans": "🔥 燃气"}[language]
    await cast.wang.taps(await at(cast.wang, "repair", 1, language=language), gas)
    await at(cast.wang, "repair", 3, language=language)
    await cast.wang.writes(said)
    card = await cast.maintenance.sees("URGENT")
    assert said in card.text
    await rested(world)
    assert not [shown for shown in cast.wang.screen() if COME in shown.button_texts and QUESTION in shown.text]
    (request,) = await rows(world, Request)
    assert request.urgent


async def test_a_photo_with_such_a_caption_goes_with_it(world: World) -> None:
    cast = await on_stage(world)
    await _gas(cast)
    await cast.wang.sends_photo(caption="the gas pipe is leaking here")
    card = await cast.maintenance.sees("URGENT")
    assert "the gas pipe is leaking here" in card.text
    assert "📎 1 attachment" in card.text


async def test_another_danger_is_asked_about(world: World) -> None:
    cast = await on_stage(world)
    await _gas(cast)
    await cast.wang.writes("my wife collapsed")
    await chooses(cast.wang, QUESTION, COME)
    await cast.butlers.sees("URGENT")


async def test_more_about_a_danger_that_was_sent_is_passed_on(world: World) -> None:
    cast = await on_stage(world)
    await cast.wang.taps(await _gas(cast), COME)
    await cast.maintenance.sees("URGENT")
    sent = await cast.wang.writes("the gas smell is getting worse")
    await cast.wang.sees("I have passed it on and added it to #1.", after=sent)
    await cast.maintenance.sees("the gas smell is getting worse")
    assert len(await rows(world, Request)) == 1


async def test_whoever_said_that_it_can_wait_sends_it_themselves(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "repair")
    await cast.wang.writes("It smells of gas")
    await chooses(cast.wang, QUESTION, "Not urgent")
    await at(cast.wang, "repair", 3)
    sent = await cast.wang.writes("a gas smell in the cellar")
    shown = await cast.wang.sees("Repairs", after=sent)
    assert COME in shown.button_texts
    assert QUESTION not in shown.text
    assert await rows(world, Request) == []
    await cast.wang.taps(shown, COME)
    await cast.maintenance.sees("URGENT")


# Tapped, and then left


async def test_whoever_taps_gas_and_runs_has_somebody_come(world: World) -> None:
    cast = await on_stage(world)
    await opens_the_bot(cast.anna)
    world.clock.turn_to(NIGHT)
    shown = await _gas(cast)
    assert "If I do not hear from you, somebody will come at 02:02." in shown.text
    world.turn(minutes=1)
    await rested(world)
    assert await rows(world, Request) == []
    world.turn(minutes=1)
    card = await cast.anna.sees("URGENT")
    assert "The owner has not answered since." in card.text
    await cast.chen.sees("URGENT")
    told = await cast.wang.sees("As I have not heard from you, I am calling whoever is on duty: #1")
    more = await cast.wang.writes("we are on the street")
    await cast.wang.sees("I have passed it on and added it to #1", after=more)
    await cast.maintenance.sees("we are on the street")
    assert told.text.endswith("Whatever you write now will be passed on with it.")
    data = next(button.data for row in shown.buttons for button in row if button.text == COME)
    assert (await cast.wang.taps_data(shown, data or "")).text == "You have already sent this: it is #1."
    assert len(await rows(world, Request)) == 1


@pytest.mark.parametrize("step", ["Skip", "the stove"])
async def test_a_further_answer_does_not_put_it_off(world: World, step: str) -> None:
    cast = await on_stage(world)
    shown = await _gas(cast)
    world.turn(minutes=1)
    if step in shown.button_texts:
        await cast.wang.taps(shown, step)
    else:
        await cast.wang.writes(step)
    await world.telegram.until(
        lambda: "If I do not hear from you, somebody will come at 12:02." in cast.wang.screen()[-1].text
    )
    world.turn(minutes=1)
    card = await cast.maintenance.sees("URGENT")
    assert ("the stove" in card.text) is (step == "the stove")


@pytest.mark.rows_of_words
@pytest.mark.parametrize("meanwhile", ["sent", "taken back", "cancelled", "another"])
async def test_nobody_comes_twice_or_in_vain(world: World, meanwhile: str) -> None:
    cast = await on_stage(world)
    shown = await _gas(cast)
    match meanwhile:
        case "sent":
            await cast.wang.taps(shown, COME)
            await cast.maintenance.sees("URGENT")
        case "taken back":
            await cast.wang.taps(shown, "‹ Back")
            await chooses(cast.wang, "What kind of problem is it?", "💧 Water")
        case "cancelled":
            await cast.wang.taps(shown, "✕ Cancel")
        case "another":
            sent = await cast.wang.writes("/menu")
            await cast.wang.taps(await cast.wang.sees("How may we be of service?", after=sent), "👞 Shoe shine")
            await chooses(cast.wang, "You were preparing", "👞 Start Shoe shine, and keep the other")
            await at(cast.wang, "shoe_shine", 1)
    await rested(world)
    world.turn(minutes=3)
    await rested(world)
    assert len(await rows(world, Request)) == (meanwhile == "sent")
    assert not [message for message in cast.wang.screen() if "As I have not heard from you" in message.text]


@pytest.mark.parametrize("answer", ["Not urgent", None])
async def test_who_was_asked_about_danger_is_visited_once_or_not_at_all(world: World, answer: str | None) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "repair")
    await cast.wang.writes("It smells of gas")
    asked = await cast.wang.sees(QUESTION)
    if answer:
        await cast.wang.taps(asked, answer)
        assert "somebody will come at" not in (await at(cast.wang, "repair", 3)).text
    await rested(world)
    world.turn(minutes=3)
    await rested(world)
    assert len(await rows(world, Request)) == (answer is None)


# An edit of a message that answered a question for a choice


async def test_an_edit_is_another_choice(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "repair")
    await chooses(cast.wang, "What kind of problem is it?", "💧 Water")
    await at(cast.wang, "repair", 2)
    typed = await cast.wang.writes("Not urgent")
    await at(cast.wang, "repair", 3)
    await cast.wang.edits(typed, "Urgent")
    await world.telegram.until(lambda: COME in _newest(cast).button_texts)
    await cast.wang.taps(_newest(cast), COME)
    await cast.maintenance.sees("URGENT")


async def test_an_edit_that_is_no_choice_has_the_question_asked_again(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "repair")
    await chooses(cast.wang, "What kind of problem is it?", "💧 Water")
    await at(cast.wang, "repair", 2)
    typed = await cast.wang.writes("urgent")
    await at(cast.wang, "repair", 3)
    await cast.wang.edits(typed, "well, my mother comes on Sunday")
    shown = await cast.wang.sees("I have noted what you wrote. Please tap one of these:")
    await cast.wang.taps(shown, "Not urgent")
    await at(cast.wang, "repair", 3)


async def test_an_edit_of_the_kind_opens_the_question_that_it_left_out(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "repair")
    typed = await cast.wang.writes("🚪 Locked out")
    await rested(world)
    if (asked := next((shown for shown in cast.wang.screen() if QUESTION in shown.text), None)) is not None:
        await cast.wang.taps(asked, "Not urgent")
    await at(cast.wang, "repair", 3)
    await cast.wang.edits(typed, "the tap drips")
    shown = await at(cast.wang, "repair", 2)
    await cast.wang.taps(shown, "Not urgent")
    await cast.wang.writes("in the bathroom")
    await chooses(cast.wang, "You may send photos", "Skip")
    await chooses(cast.wang, "When may we come?", "As soon as possible")
    await sends(cast.wang)
    assert "the tap drips" in (await cast.maintenance.sees("#1")).text


async def test_an_edit_after_sending_shows_the_other_choice(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "repair")
    typed = await cast.wang.writes("💧 Water")
    await chooses(cast.wang, "How urgent is it?", "Not urgent")
    await at(cast.wang, "repair", 3)
    await cast.wang.writes("in the hall")
    await chooses(cast.wang, "You may send photos", "Skip")
    await chooses(cast.wang, "When may we come?", "As soon as possible")
    await sends(cast.wang)
    card = await cast.maintenance.sees("💧 Water")
    await cast.wang.edits(typed, "⚡️ Power")
    await world.telegram.until(lambda: "⚡️ Power" in card.text and "💧" not in card.text)


def _newest(cast: Cast) -> Message:
    return cast.wang.screen()[-1]
