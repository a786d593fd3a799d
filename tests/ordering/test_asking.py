"""Asking for a service: by taps alone where that is possible, and without losing anything that an owner says."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from concierge_bot.catalogue.model import Choice, Question, QuestionKind
from concierge_bot.i18n import words
from concierge_bot.playground import Group, Message, Person
from concierge_bot.playground.people.writing import Attachment
from concierge_bot.settings import SHIPPED_CATALOGUE
from tests.support.cast import (
    SERVICES,
    at,
    begins,
    begins_repair,
    chooses,
    heading,
    number_of,
    on_duty,
    on_stage,
    rested,
    says_it_can_wait,
    sends,
    until_it_says,
)
from tests.support.world import NOON, World, newest, order_repair, tap

ASK_TO_SEND = "Is everything correct? Tap Send and I will pass it on at once."
OUT_OF_DATE = "That page is no longer current"
LANGUAGES = ("en", "zh_Hans")


def _unhurried(question: Question) -> Choice:
    """The last choice that does not make the request urgent, and so leaves no question out."""
    return [choice for choice in question.choices if not choice.urgent][-1]


async def _answers(person: Person, shown: Message, question: Question, language: str) -> None:
    """The shortest answer to a question: a tap wherever one will do."""
    say = words(language).text
    match question.kind:
        case QuestionKind.CHOICE:
            await person.taps(shown, say(_unhurried(question).text))
        case QuestionKind.QUANTITY:
            await person.taps(shown, "3")
        case QuestionKind.WHEN if question.soon:
            await person.taps(shown, say("As soon as possible"))
        case QuestionKind.WHEN:
            await person.taps(shown, say("Tomorrow"))
            await chooses(person, say(question.text), "10:00–12:00")
        case _ if question.optional:
            await person.taps(shown, say("Skip"))
        case _:
            await person.writes("Blue silk, please")


def _said(question: Question, language: str) -> str | None:
    say = words(language).text
    match question.kind:
        case QuestionKind.CHOICE:
            return say(_unhurried(question).text)
        case QuestionKind.QUANTITY:
            return "3"
        case QuestionKind.WHEN:
            return say("As soon as possible") if question.soon else "10:00–12:00"
        case _:
            return None if question.optional else "Blue silk, please"


# Every service, end to end


@pytest.mark.rows_of_words
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", SERVICES)
async def test_every_service_reaches_its_team_with_all_that_was_answered(world: World, key: str, language: str) -> None:
    cast = await on_stage(world, language=language)
    say, service = words(language).text, SERVICES[key]
    shown = await begins(cast.wang, key, language=language)
    for step, question in enumerate(service.questions, start=1):
        shown = await at(cast.wang, key, step, language=language)
        assert say(question.text) in shown.text
        assert shown.button_texts[-2:] == [say("‹ Back"), say("✕ Cancel")]
        await _answers(cast.wang, shown, question, language)
    summary = await cast.wang.sees(say(ASK_TO_SEND))
    assert (
        say("💳 This is a paid service; we agree the price with you before we begin.") in summary.text
    ) is service.paid
    said = {say(question.label): found for question in service.questions if (found := _said(question, language))}
    for label, answer in said.items():
        line = next(line for line in summary.text.splitlines() if line.startswith(label))
        assert answer in line
    number = await sends(cast.wang, language=language)

    card = await cast.chat_of(service.team).sees(f"#{number} · Villa 8 · {service.name}")
    for question in service.questions:
        if found := _said(question, "en"):
            assert f"{question.label}: " in card.text
            assert found in card.text
    assert ("💳 Paid service" in card.text) is service.paid
    assert card.button_texts == ["✋ Claim"]
    await until_it_says(world, summary, f"#{number}")
    has_a_time = any(question.kind is QuestionKind.WHEN for question in service.questions)
    assert summary.button_texts == [*([say("Change the time")] if has_a_time else []), say("Cancel this request")]
    await rested(world)
    for group in (cast.butlers, cast.maintenance):
        shown_there = [message for message in group.screen() if f"#{number}" in message.text]
        assert len(shown_there) == (1 if group is cast.chat_of(service.team) else 0)


async def test_a_service_that_answers_only_with_taps_needs_no_word(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "shoe_shine")
    before = len(cast.wang.screen())
    await chooses(cast.wang, heading("shoe_shine", 1), "8")
    await chooses(cast.wang, heading("shoe_shine", 2), "As soon as possible")
    await chooses(cast.wang, heading("shoe_shine", 3), "Skip")
    number = await sends(cast.wang)
    await cast.wang.sees(f"#{number}")
    assert len(cast.wang.screen()) == before


# Choices


async def test_a_choice_may_be_told_in_own_words(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "cleaning")
    await cast.wang.writes("Only the terrace")
    await chooses(cast.wang, heading("cleaning", 2), "Tomorrow")
    await chooses(cast.wang, "At what time on", "Any time that day")
    await chooses(cast.wang, heading("cleaning", 3), "Skip")
    number = await sends(cast.wang)
    card = await cast.butlers.sees(f"#{number}")
    assert "Task: Only the terrace" in card.text
    assert "Preferred time: Tue 16 Jun" in card.text
    assert "16 Jun," not in card.text


# Quantities


@pytest.mark.rows_of_words
@pytest.mark.parametrize("written", ["0", "1000", "-1", "abc", "1.5", "2 or 3", "1" * 300])
async def test_what_is_no_quantity_is_said_and_asked_again(world: World, written: str) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "tea")
    sent = await cast.wang.writes(written)
    await cast.wang.sees("Please write a number from 1 to 999.", after=sent)
    await cast.wang.writes("4")
    await at(cast.wang, "tea", 2)


@pytest.mark.rows_of_words
@pytest.mark.parametrize(
    ("written", "read"), [("1", "1"), ("999", "999"), (" 12 ", "12"), ("１２", "12"), ("007", "7")]
)
async def test_a_quantity_may_be_written(world: World, written: str, read: str) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "tea")
    await cast.wang.writes(written)
    await chooses(cast.wang, heading("tea", 2), "As soon as possible")
    summary = await cast.wang.sees(ASK_TO_SEND)
    assert f"People: {read}\n" in summary.text


# The calendar. NOON is Monday, 15 June 2026, 12:00.


def _days(calendar: Message) -> list[str]:
    """The days that can be tapped, as their labels stand in the month."""
    return [button.text for row in calendar.buttons for button in row if button.text.isdecimal()]


async def _until_it_shows(world: World, message: Message, button: str) -> None:
    await world.telegram.until(lambda: button in message.button_texts)


async def _calendar(world: World, now: datetime | None = None) -> tuple[Person, Message]:
    if now is not None:
        world.clock.turn_to(now)
    wang = await world.owner("Wang")
    await begins(wang, "cleaning")
    await chooses(wang, heading("cleaning", 1), "Windows")
    return wang, await at(wang, "cleaning", 2)


async def test_the_calendar_offers_no_day_that_is_past(world: World) -> None:
    _, calendar = await _calendar(world)
    assert "June 2026" in calendar.button_texts
    assert _days(calendar) == [str(day) for day in range(15, 31)]
    assert "‹" not in calendar.button_texts
    assert "As soon as possible" not in calendar.button_texts


async def test_the_calendar_turns_to_the_last_day_ahead_and_back(world: World) -> None:
    wang, calendar = await _calendar(world)
    for month in ("July 2026", "August 2026"):
        await wang.taps(calendar, "›")
        await _until_it_shows(world, calendar, month)
    assert _days(calendar)[-1] == "14"
    assert "›" not in calendar.button_texts
    for month in ("July 2026", "June 2026"):
        await wang.taps(calendar, "‹")
        await _until_it_shows(world, calendar, month)
    assert "‹" not in calendar.button_texts


async def test_the_last_day_ahead_can_be_wished_for_and_the_day_after_cannot(world: World) -> None:
    wang, calendar = await _calendar(world)
    _, data = await world.telegram.until(lambda: newest(wang, "answer:"))
    prefix = data.rpartition(":")[0]
    for forged in (
        "d2026-08-15",
        "d2026-06-14",
        "d2025-06-15",
        "d9999-12-31",
        "d2026-02-30",
        "dx",
        "anytime",
        "0800-1000",
    ):
        await wang.taps_data(calendar, f"{prefix}:{forged}")
        await rested(world)
        assert "At what time on" not in calendar.text
        assert heading("cleaning", 2) in calendar.text
    await wang.taps_data(calendar, f"{prefix}:d2026-08-14")
    await wang.sees("At what time on Fri 14 Aug?")


@pytest.mark.rows_of_words
@pytest.mark.parametrize(
    ("now", "first", "windows"),
    [
        (datetime(2026, 6, 14, 23, 30, tzinfo=UTC), "15", 6),  # 07:30
        (datetime(2026, 6, 15, 1, 59, tzinfo=UTC), "15", 6),  # 09:59
        (datetime(2026, 6, 15, 2, 0, 1, tzinfo=UTC), "15", 5),  # 10:00
        (datetime(2026, 6, 15, 11, 59, tzinfo=UTC), "15", 1),  # 19:59
    ],
)
async def test_windows_of_today_that_are_over_are_not_offered(
    world: World, now: datetime, first: str, windows: int
) -> None:
    wang, calendar = await _calendar(world, now)
    assert _days(calendar)[0] == first
    await wang.taps(calendar, "Today")
    times = await wang.sees("At what time on")
    assert len([label for label in times.button_texts if "–" in label]) == windows
    assert "18:00–20:00" in times.button_texts


async def test_an_evening_offers_no_today(world: World) -> None:
    wang, calendar = await _calendar(world, datetime(2026, 6, 15, 12, 0, 1, tzinfo=UTC))
    assert "Today" not in calendar.button_texts
    assert _days(calendar)[0] == "16"
    await wang.taps(calendar, "Tomorrow")
    await wang.sees("At what time on Tue 16 Jun?")


async def test_the_last_evening_of_a_month_shows_the_next_month(world: World) -> None:
    wang, calendar = await _calendar(world, datetime(2026, 6, 30, 12, 30, tzinfo=UTC))
    assert "July 2026" in calendar.button_texts
    assert _days(calendar)[0] == "1"
    await wang.taps(calendar, "Tomorrow")
    await wang.sees("At what time on Wed 1 Jul?")


async def test_a_calendar_of_yesterday_offers_what_is_possible_now(world: World) -> None:
    wang, calendar = await _calendar(world, datetime(2026, 6, 15, 11, 0, tzinfo=UTC))
    world.turn(hours=6)
    await wang.taps(calendar, "15")
    await world.telegram.until(lambda: _days(calendar)[:1] == ["16"])
    assert "At what time on" not in calendar.text


async def test_a_day_whose_windows_went_by_meanwhile_is_asked_for_again(world: World) -> None:
    wang, calendar = await _calendar(world, datetime(2026, 6, 15, 11, 50, tzinfo=UTC))
    await wang.taps(calendar, "Today")
    times = await wang.sees("At what time on Mon 15 Jun?")
    world.turn(minutes=20)
    await wang.taps(times, "Any time that day")
    await world.telegram.until(lambda: "16" in _days(calendar))
    assert heading("cleaning", 2) in times.text
    assert "At what time on" not in times.text


async def test_back_from_the_windows_shows_the_calendar_and_then_the_question_before(world: World) -> None:
    wang, calendar = await _calendar(world)
    await wang.taps(calendar, "Tomorrow")
    times = await wang.sees("At what time on")
    await wang.taps(times, "‹ Back")
    await world.telegram.until(lambda: "June 2026" in times.button_texts)
    await wang.taps(times, "‹ Back")
    shown = await at(wang, "cleaning", 1)
    assert "Your answer so far: Windows" in shown.text


async def test_a_time_told_in_words_keeps_the_day_that_was_tapped(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "cleaning")
    await chooses(cast.wang, heading("cleaning", 1), "Windows")
    await chooses(cast.wang, heading("cleaning", 2), "Tomorrow")
    await cast.wang.sees("At what time on")
    await cast.wang.writes("after school, about four")
    await chooses(cast.wang, heading("cleaning", 3), "Skip")
    number = await sends(cast.wang)
    card = await cast.butlers.sees(f"#{number}")
    wished = next(line for line in card.text.splitlines() if line.startswith("Preferred time"))
    assert "Tue 16 Jun" in wished
    assert "after school, about four" in wished


async def test_a_time_in_words_alone(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "tea")
    await chooses(cast.wang, heading("tea", 1), "2")
    await at(cast.wang, "tea", 2)
    await cast.wang.writes("when the guests arrive")
    number = await sends(cast.wang)
    await cast.butlers.sees("Preferred time: when the guests arrive")
    assert number


# Back, keep, skip, cancel


async def test_keep_and_continue_after_back(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "shoe_shine")
    await chooses(cast.wang, heading("shoe_shine", 1), "5")
    await chooses(cast.wang, heading("shoe_shine", 2), "As soon as possible")
    await chooses(cast.wang, heading("shoe_shine", 3), "‹ Back")
    await chooses(cast.wang, heading("shoe_shine", 2), "‹ Back")
    shown = await at(cast.wang, "shoe_shine", 1)
    assert "Your answer so far: 5" in shown.text
    await cast.wang.taps(shown, "Keep this and continue")
    shown = await at(cast.wang, "shoe_shine", 2)
    assert "Your answer so far: As soon as possible" in shown.text
    await cast.wang.taps(shown, "Keep this and continue")
    await chooses(cast.wang, heading("shoe_shine", 3), "Skip")
    summary = await cast.wang.sees(ASK_TO_SEND)
    assert "Pairs: 5" in summary.text
    await cast.wang.taps(summary, "‹ Back")
    assert "Keep this and continue" not in (await at(cast.wang, "shoe_shine", 3)).button_texts


async def test_an_answer_is_changed_after_back(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "enquiry")
    await cast.wang.writes("Is the pool open?")
    await chooses(cast.wang, ASK_TO_SEND, "‹ Back")
    await cast.wang.sees("Your answer so far: Is the pool open?")
    await cast.wang.writes("Is the sauna open?")
    summary = await cast.wang.sees("Enquiry: Is the sauna open?")
    assert "pool" not in summary.text


async def test_back_from_the_first_question_leads_to_the_menu(world: World) -> None:
    wang = await world.owner("Wang")
    shown = await begins(wang, "shoe_shine")
    await wang.taps(shown, "‹ Back")
    await until_it_says(world, shown, "How may we be of service?")
    assert "🔧 Repairs" in shown.button_texts
    await wang.writes("/cancel")
    await wang.sees("There is nothing to cancel at the moment. How may we be of service?")


async def test_words_survive_a_wrong_turn_in_the_menu(world: World) -> None:
    cast = await on_stage(world)
    await cast.wang.writes("The tap drips")
    await cast.wang.sends_photo()
    await chooses(cast.wang, "Which service is it for?", "🛍 Purchases and errands")
    await chooses(cast.wang, heading("purchase", 1), "‹ Back")
    await chooses(cast.wang, "Thank you, I have received that.", "🔧 Repairs")
    await cast.wang.taps(await says_it_can_wait(cast.wang), "Keep this and continue")
    shown = await at(cast.wang, "repair", 4)
    await cast.wang.taps(shown, "Continue")
    await chooses(cast.wang, heading("repair", 5), "As soon as possible")
    number = await sends(cast.wang)
    card = await cast.maintenance.sees(f"#{number}")
    assert "Fault: The tap drips" in card.text
    assert "📎 1 attachment" in card.text


@pytest.mark.rows_of_words
@pytest.mark.parametrize("step", range(1, 7))
async def test_cancel_at_every_step_drops_the_draft(world: World, step: int) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "mail")
    for number, question in enumerate(SERVICES["mail"].questions[: step - 1], start=1):
        await _answers(cast.wang, await at(cast.wang, "mail", number), question, "en")
    shown = await (cast.wang.sees(ASK_TO_SEND) if step == 6 else at(cast.wang, "mail", step))
    by_command = step % 2 == 0
    await (cast.wang.writes("/cancel") if by_command else cast.wang.taps(shown, "✕ Cancel"))
    menu = await cast.wang.sees("Nothing has been sent. How else may we be of service?")
    assert (menu is shown) is not by_command
    await cast.wang.writes("/cancel")
    await cast.wang.sees("There is nothing to cancel at the moment. How may we be of service?")
    await rested(world)
    assert not [message for message in cast.butlers.screen() if "Mail and parcels" in message.text]


async def test_the_present_question_survives_a_look_at_the_menu(world: World) -> None:
    wang = await world.owner("Wang")
    await begins_repair(wang)
    await wang.writes("/requests")
    await wang.sees("You have no requests yet. We are at your service.")
    await wang.writes("The door squeaks")
    await chooses(wang, heading("repair", 4), "‹ Back")
    await wang.sees("Your answer so far: The door squeaks")


# Sending


async def test_send_tapped_twice_sends_once(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "enquiry")
    await cast.wang.writes("Is the pool open?")
    summary = await cast.wang.sees(ASK_TO_SEND)
    _, data = await world.telegram.until(lambda: newest(cast.wang, "send:"))
    for _ in range(3):
        await cast.wang.taps_data(summary, data, wait=False)
    first = await cast.wang.taps_data(summary, data)
    assert str(first.text).startswith("You have already sent this: it is #")
    await rested(world)
    cards = [message for message in cast.butlers.screen() if "Is the pool open?" in message.text]
    assert len(cards) == 1


async def test_send_tapped_by_two_thumbs_at_once(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "enquiry")
    await cast.wang.writes("Is the pool open?")
    summary = await cast.wang.sees(ASK_TO_SEND)
    answers = await asyncio.gather(*(cast.wang.taps(summary, "✅ Send") for _ in range(4)))
    assert sum(str(answer.text).startswith("You have already sent this") for answer in answers) == 3
    assert len({number_of(answer) for answer in answers}) == 1


async def test_a_summary_left_behind_cannot_change_what_was_sent(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "enquiry")
    await cast.wang.writes("Is the pool open?")
    summary = await cast.wang.sees(ASK_TO_SEND)
    back = next(button.data for row in summary.buttons for button in row if button.text == "‹ Back")
    number = await sends(cast.wang)
    await until_it_says(world, summary, f"#{number}")
    assert (await cast.wang.taps_data(summary, str(back))).text == f"You have already sent this: it is #{number}."
    await cast.wang.writes("And the sauna?")
    await cast.wang.sees("Thank you, I have received that.")
    assert "sauna" not in (await cast.butlers.sees(f"#{number}")).text


async def test_a_forged_send_before_the_end_asks_what_is_missing(world: World) -> None:
    cast = await on_stage(world)
    shown = await begins(cast.wang, "cleaning")
    _, back = await world.telegram.until(lambda: newest(cast.wang, "back:"))
    await cast.wang.taps_data(shown, f"send:{back.split(':')[1]}")
    await rested(world)
    assert heading("cleaning", 1) in shown.text
    assert not [message for message in cast.butlers.screen() if "In-home" in message.text]


# Stale buttons, two drafts, old drafts


async def test_a_button_of_an_earlier_question_shows_the_present_one(world: World) -> None:
    wang = await world.owner("Wang")
    first = await begins(wang, "shoe_shine")
    stale = next(str(button.data) for row in first.buttons for button in row if button.text == "3")
    await wang.writes("2")
    second = await at(wang, "shoe_shine", 2)
    assert second is not first
    await wang.taps_data(first, stale)
    await until_it_says(world, first, heading("shoe_shine", 2))
    await wang.taps(first, "As soon as possible")
    await chooses(wang, heading("shoe_shine", 3), "Skip")
    assert "Pairs: 2" in (await wang.sees(ASK_TO_SEND)).text


async def test_the_newer_of_two_drafts_counts(world: World) -> None:
    cast = await on_stage(world)
    first = await begins(cast.wang, "shoe_shine")
    stale = [str(button.data) for row in first.buttons for button in row]
    second = await begins(cast.wang, "tea")
    for data in (stale[0], stale[-2], stale[-1]):
        await cast.wang.taps_data(first, data)
        await until_it_says(world, first, OUT_OF_DATE)
    await cast.wang.taps(second, "3")
    await chooses(cast.wang, heading("tea", 2), "As soon as possible")
    number = await sends(cast.wang)
    await cast.butlers.sees(f"#{number} · Villa 8 · Welcome tea")


@pytest.mark.parametrize("what", ["3", "‹ Back", "✕ Cancel"])
async def test_a_draft_that_was_left_for_13_hours_is_out_of_date(world: World, what: str) -> None:
    wang = await world.owner("Wang")
    shown = await begins(wang, "shoe_shine")
    world.turn(hours=13)
    await wang.taps(shown, what)
    await until_it_says(world, shown, OUT_OF_DATE)
    assert "🔧 Repairs" in shown.button_texts


async def test_words_after_13_hours_are_not_taken_for_the_old_draft(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "enquiry")
    await cast.wang.writes("Old question")
    await cast.wang.sees(ASK_TO_SEND)
    world.turn(hours=13)
    await cast.wang.writes("New question")
    await chooses(cast.wang, "Which service is it for?", "More services…")
    await chooses(cast.wang, "What else may we do for you?", "🔑 Enquiries, messages, keys")
    await chooses(cast.wang, "Your answer so far: New question", "Keep this and continue")
    summary = await cast.wang.sees(ASK_TO_SEND)
    assert "Enquiry: New question" in summary.text
    assert "Old question" not in summary.text


async def test_a_summary_of_13_hours_ago_is_not_sent(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "enquiry")
    await cast.wang.writes("Is the pool open?")
    summary = await cast.wang.sees(ASK_TO_SEND)
    world.turn(hours=13)
    await cast.wang.taps(summary, "✅ Send")
    await until_it_says(world, summary, OUT_OF_DATE)
    assert not [message for message in cast.butlers.screen() if "pool" in message.text]


async def test_a_restart_in_the_middle_loses_no_answer(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "shoe_shine")
    await chooses(cast.wang, heading("shoe_shine", 1), "4")
    await at(cast.wang, "shoe_shine", 2)
    await world.restart()
    await chooses(cast.wang, heading("shoe_shine", 2), "As soon as possible")
    await chooses(cast.wang, heading("shoe_shine", 3), "Skip")
    assert "Pairs: 4" in (await cast.wang.sees(ASK_TO_SEND)).text


# Words and files before, between and after


async def test_words_before_the_service_are_its_first_answer(world: World) -> None:
    cast = await on_stage(world)
    await cast.wang.writes("The tap drips")
    await cast.wang.writes("in the guest bathroom")
    await chooses(cast.wang, "Which service is it for?", "🔧 Repairs")
    await cast.wang.taps(await says_it_can_wait(cast.wang), "Keep this and continue")
    await chooses(cast.wang, heading("repair", 4), "Skip")
    await chooses(cast.wang, heading("repair", 5), "As soon as possible")
    number = await sends(cast.wang)
    card = await cast.maintenance.sees(f"#{number}")
    assert "Fault: The tap drips\nin the guest bathroom" in card.text


async def test_words_before_a_service_without_words_stand_as_a_note(world: World) -> None:
    cast = await on_stage(world)
    await cast.wang.writes("For my mother's birthday")
    await chooses(cast.wang, "Which service is it for?", "More services…")
    await chooses(cast.wang, "What else may we do for you?", "🍵 Welcome tea")
    await chooses(cast.wang, heading("tea", 1), "6")
    await chooses(cast.wang, heading("tea", 2), "As soon as possible")
    assert "Note: For my mother's birthday" in (await cast.wang.sees(ASK_TO_SEND)).text
    number = await sends(cast.wang)
    assert "Note: For my mother's birthday" in (await cast.butlers.sees(f"#{number}")).text


async def test_words_at_the_summary_are_added_as_a_note(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "enquiry")
    await cast.wang.writes("Is the pool open?")
    await cast.wang.sees(ASK_TO_SEND)
    await cast.wang.writes("And may guests come?")
    summary = await cast.wang.sees("Note: And may guests come?")
    assert "Enquiry: Is the pool open?" in summary.text


async def test_a_voice_message_before_the_service_is_its_answer(world: World) -> None:
    cast = await on_stage(world)
    await cast.wang.sends_voice()
    await chooses(cast.wang, "Which service is it for?", "🔧 Repairs")
    await cast.wang.taps(await says_it_can_wait(cast.wang), "Keep this and continue")
    await chooses(cast.wang, heading("repair", 4), "Continue")
    await chooses(cast.wang, heading("repair", 5), "As soon as possible")
    number = await sends(cast.wang)
    card = await cast.maintenance.sees("Fault: 🎤 see voice message")
    beneath = await world.telegram.until(lambda: _beneath(cast.maintenance.screen(), card))
    assert [message.media.kind for message in beneath if message.media] == ["voice"]
    assert number


def _beneath(screen: list[Message], card: Message) -> list[Message]:
    """What stands beneath a card, as answers to it."""
    return [message for message in screen if message.reply_to is card]


async def test_a_photo_with_a_caption_answers_a_question_for_words(world: World) -> None:
    cast = await on_stage(world)
    await begins_repair(cast.wang)
    await cast.wang.sends_photo(caption="The lamp in the hall")
    await chooses(cast.wang, heading("repair", 4), "Continue")
    await chooses(cast.wang, heading("repair", 5), "As soon as possible")
    number = await sends(cast.wang)
    card = await cast.maintenance.sees(f"#{number}")
    assert "Fault: The lamp in the hall" in card.text
    beneath = await world.telegram.until(lambda: _beneath(cast.maintenance.screen(), card))
    assert beneath[0].media is not None
    assert beneath[0].media.kind == "photo"


async def test_a_photo_without_a_caption_leaves_the_question_open(world: World) -> None:
    wang = await world.owner("Wang")
    await begins_repair(wang)
    sent = await wang.sends_photo()
    await wang.sees(heading("repair", 3), after=sent)
    await wang.writes("It is broken")
    await at(wang, "repair", 4)


async def test_a_voice_message_answers_a_question_for_words(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "enquiry")
    await cast.wang.sends_voice()
    summary = await cast.wang.sees(ASK_TO_SEND)
    assert "Enquiry: 🎤 see voice message" in summary.text
    number = await sends(cast.wang)
    card = await cast.butlers.sees(f"#{number}")
    beneath = await world.telegram.until(lambda: _beneath(cast.butlers.screen(), card))
    assert beneath[0].media is not None
    assert beneath[0].media.kind == "voice"


@pytest.mark.parametrize("captioned", [0, 2])
async def test_an_album_is_answered_once_and_arrives_as_an_album(world: World, captioned: int) -> None:
    cast = await on_stage(world)
    await begins_repair(cast.wang)
    await cast.wang.writes("Cracks in the wall")
    await at(cast.wang, "repair", 4)
    before = len(cast.wang.screen())
    parts = [
        Attachment(kind, caption="North side" if n == captioned else None)
        for n, kind in enumerate(("photo", "video", "photo"))
    ]
    await cast.wang.sends_album(parts)
    await rested(world)
    assert len(cast.wang.screen()) == before + 3 + 1
    shown = cast.wang.last
    assert "Thank you, I have received that." in shown.text
    await cast.wang.taps(shown, "Continue")
    await chooses(cast.wang, heading("repair", 5), "As soon as possible")
    assert "📎 3 attachments" in (await cast.wang.sees(ASK_TO_SEND)).text
    number = await sends(cast.wang)
    card = await cast.maintenance.sees(f"#{number}")
    await world.telegram.until(lambda: len(_beneath(cast.maintenance.screen(), card)) == 3)
    beneath = _beneath(cast.maintenance.screen(), card)
    assert [message.media.kind for message in beneath if message.media] == ["photo", "video", "photo"]
    assert len({message.album_id for message in beneath}) == 1
    assert beneath[captioned].text == "North side"


async def test_an_album_whose_caption_sits_on_its_second_part_shows_the_next_question(world: World) -> None:
    wang = await world.owner("Wang")
    await begins_repair(wang)
    await wang.sends_album([Attachment(), Attachment(caption="The lamp"), Attachment()])
    await at(wang, "repair", 4)
    await rested(world)
    assert heading("repair", 4) in wang.last.text


async def test_documents_and_pictures_do_not_share_an_album(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "special")
    await cast.wang.writes("This wine")
    await at(cast.wang, "special", 2)
    await cast.wang.sends_document("list.pdf")
    await cast.wang.sends_photo()
    await cast.wang.sends_voice()
    await cast.wang.sends_document("more.pdf")
    await rested(world)
    await cast.wang.taps(cast.wang.last, "Continue")
    await chooses(cast.wang, heading("special", 3), "As soon as possible")
    number = await sends(cast.wang)
    card = await cast.butlers.sees(f"#{number}")
    await world.telegram.until(lambda: len(_beneath(cast.butlers.screen(), card)) == 4)
    kinds = [message.media.kind for message in _beneath(cast.butlers.screen(), card) if message.media]
    assert kinds == ["document", "photo", "voice", "document"]


async def test_more_pictures_than_an_album_holds(world: World) -> None:
    cast = await on_stage(world)
    await begins_repair(cast.wang)
    await cast.wang.writes("Many cracks")
    await at(cast.wang, "repair", 4)
    await cast.wang.sends_album([Attachment()] * 10)
    await cast.wang.sends_photo()
    await rested(world)
    await cast.wang.taps(cast.wang.last, "Continue")
    await chooses(cast.wang, heading("repair", 5), "As soon as possible")
    number = await sends(cast.wang)
    card = await cast.maintenance.sees(f"#{number}")
    await world.telegram.until(lambda: len(_beneath(cast.maintenance.screen(), card)) == 10)
    await rested(world)
    shown, _ = newest(cast.maintenance, "files:") or (card, "")
    assert "📎 1 more attachment" in shown.button_texts


async def test_a_caption_longer_than_a_bot_may_send_is_not_lost(world: World) -> None:
    cast = await on_stage(world)
    await begins_repair(cast.wang)
    await cast.wang.writes("See the photo")
    await at(cast.wang, "repair", 4)
    caption = "a" * 1500 + " THE END"
    await cast.wang.sends_photo(caption=caption)
    await chooses(cast.wang, "Thank you, I have received that.", "Continue")
    await chooses(cast.wang, heading("repair", 5), "As soon as possible")
    number = await sends(cast.wang)
    card = await cast.maintenance.sees(f"#{number}")
    await rested(world)
    beneath = _beneath(cast.maintenance.screen(), card)
    assert "photo" in [message.media.kind for message in beneath if message.media]
    assert any(message.text.endswith("THE END") for message in beneath)


async def _until_beneath(world: World, group: Group, card: Message, text: str) -> None:
    await world.telegram.until(lambda: text in "".join(message.text for message in _beneath(group.screen(), card)))


# Texts that are hard to carry

HARD = [
    "<b>&\"'</b> <script>alert(1)</script> &amp; &lt;",
    "%s %(x)s {0} %% %d 100%",
    "👩‍👩‍👧‍👦🏡 🔧" * 20,
    "مرحبا، الحنفية تقطر \u202eabc\u202c",
    "_*[x](y)`~ *bold",
    "line one\n\n\nline two\ttab",
]


@pytest.mark.parametrize("text", HARD)
async def test_hard_texts_arrive_as_they_were_written(world: World, text: str) -> None:
    cast = await on_stage(world)
    await begins_repair(cast.wang)
    await cast.wang.writes(text)
    await chooses(cast.wang, heading("repair", 4), "Skip")
    await cast.wang.writes(text)
    summary = await cast.wang.sees(ASK_TO_SEND)
    assert f"Fault: {text}" in summary.text
    number = await sends(cast.wang)
    card = await cast.maintenance.sees(f"#{number}")
    assert f"Fault: {text}" in card.text
    assert f"Preferred time: {text}" in card.text


@pytest.mark.parametrize("letter", ["a", "🏡"])
async def test_a_text_as_long_as_telegram_allows_arrives_whole(world: World, letter: str) -> None:
    cast = await on_stage(world)
    text = letter * (4096 // (2 if letter == "🏡" else 1) - 4) + " END"
    await begins_repair(cast.wang)
    await cast.wang.writes(text)
    await chooses(cast.wang, heading("repair", 4), "‹ Back")
    shown = await at(cast.wang, "repair", 3)
    assert f"Your answer so far: {letter * 50}" in shown.text
    await cast.wang.taps(shown, "Keep this and continue")
    await chooses(cast.wang, heading("repair", 4), "Skip")
    await chooses(cast.wang, heading("repair", 5), "As soon as possible")
    number = await sends(cast.wang)
    card = await cast.maintenance.sees(f"#{number}")
    assert "…" in card.text
    await world.telegram.until(lambda: "".join(m.text for m in _beneath(cast.maintenance.screen(), card)) == text)


async def test_long_answers_to_every_question_still_fit_a_card(world: World) -> None:
    cast = await on_stage(world)
    texts = {letter: letter * 4090 for letter in "abcde"}
    await begins(cast.wang, "mail")
    await cast.wang.writes(texts["a"])
    await chooses(cast.wang, heading("mail", 2), "2")
    for step, letter in ((3, "b"), (4, "c"), (5, "d")):
        await at(cast.wang, "mail", step)
        await cast.wang.writes(texts[letter])
    await cast.wang.sees(ASK_TO_SEND)
    await cast.wang.writes(texts["e"])
    await cast.wang.sees("Note: eee")
    number = await sends(cast.wang)
    card = await cast.butlers.sees(f"#{number}")
    await chooses(cast.wang, f"#{number}", "Cancel this request")
    await chooses(cast.wang, "Cancel this request?", "No, keep it")
    for text in texts.values():
        await _until_beneath(world, cast.butlers, card, text)


@pytest.mark.rows_of_words
@pytest.mark.parametrize("text", [" ", "\n\t ", "\u3000"])
async def test_an_empty_text_is_no_answer(world: World, text: str) -> None:
    wang = await world.owner("Wang")
    shown = await begins(wang, "enquiry")
    user = {"id": wang.id, "is_bot": False, "first_name": "Wang"}
    chat = {"id": wang.id, "type": "private"}
    message = {"message_id": 900, "date": 1, "chat": chat, "from": user, "text": text}
    world.telegram.inject({"message": message})
    await wang.sees(heading("enquiry", 1), after=shown)
    await rested(world)
    assert ASK_TO_SEND not in wang.last.text


CANNOT_PASS_ON = "I can pass on text, photos, videos, voice messages and files."


@pytest.mark.rows_of_words
@pytest.mark.parametrize("kind", ["sticker", "location", "contact"])
@pytest.mark.parametrize("asked", [False, True])
async def test_what_cannot_be_passed_on_is_said(world: World, kind: str, asked: bool) -> None:
    wang = await world.owner("Wang")
    if asked:
        await begins_repair(wang)
    match kind:
        case "sticker":
            sent = await wang.sends_sticker()
        case "location":
            sent = await wang.sends_location(31.2, 121.5)
        case _:
            sent = await wang.sends_contact("+8613800000000")
    await wang.sees(CANNOT_PASS_ON, after=sent)
    await wang.writes("The tap drips")
    await (at(wang, "repair", 4) if asked else wang.sees("Thank you, I have received that."))


# Changed messages


async def test_a_changed_message_changes_the_draft(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "enquiry")
    written = await cast.wang.writes("Is the pol open?")
    await cast.wang.sees(ASK_TO_SEND)
    await cast.wang.edits(written, "Is the pool open?")
    summary = await cast.wang.sees("Enquiry: Is the pool open?")
    assert ASK_TO_SEND in summary.text


async def test_a_changed_time_in_words_keeps_its_day(world: World) -> None:
    wang, calendar = await _calendar(world)
    await wang.taps(calendar, "Tomorrow")
    await wang.sees("At what time on")
    written = await wang.writes("about for")
    await at(wang, "cleaning", 3)
    await wang.edits(written, "about four")
    await chooses(wang, heading("cleaning", 3), "Skip")
    wished = next(line for line in (await wang.sees(ASK_TO_SEND)).text.splitlines() if "about four" in line)
    assert "Tue 16 Jun" in wished


async def test_a_changed_quantity_changes_the_draft(world: World) -> None:
    wang = await world.owner("Wang")
    await begins(wang, "tea")
    written = await wang.writes("4")
    await at(wang, "tea", 2)
    await wang.edits(written, "14")
    await rested(world)
    await chooses(wang, heading("tea", 2), "As soon as possible")
    assert "People: 14" in (await wang.sees(ASK_TO_SEND)).text


async def test_a_quantity_cannot_be_changed_into_none(world: World) -> None:
    wang = await world.owner("Wang")
    await begins(wang, "tea")
    written = await wang.writes("4")
    await at(wang, "tea", 2)
    await wang.edits(written, "many")
    await wang.sees("Please write a number from 1 to 999.")
    await chooses(wang, heading("tea", 2), "As soon as possible")
    assert "People: 4" in (await wang.sees(ASK_TO_SEND)).text


async def test_a_caption_taken_away_does_not_empty_the_answer(world: World) -> None:
    wang = await world.owner("Wang")
    await begins(wang, "enquiry")
    photo = await wang.sends_photo(caption="My knee")
    await wang.sees(ASK_TO_SEND)
    bare = {key: value for key, value in photo.snapshot().items() if key != "caption"}
    world.telegram.inject({"edited_message": {**bare, "edit_date": 5}})
    await wang.sees("I see that you have edited a message.")
    number = await sends(wang)
    assert "Enquiry: My knee" in (await wang.sees(f"#{number}")).text


async def test_a_message_changed_after_sending_is_told_to_the_team(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "enquiry")
    written = await cast.wang.writes("Is the pool open?")
    number = await sends(cast.wang)
    card = await cast.butlers.sees(f"#{number}")
    await cast.wang.edits(written, "Is the sauna open?")
    await cast.wang.sees(f"I have told the team for #{number} what you changed.")
    told = await cast.butlers.sees(
        f"✏️ #{number} · Villa 8 · Enquiries, messages, keys. The owner has changed the text: Is the sauna open?"
    )
    assert told.reply_to is card
    await until_it_says(world, card, "Enquiry: Is the sauna open?")


async def test_a_place_that_moves_is_not_answered_at_every_step(world: World) -> None:
    wang = await world.owner("Wang")
    place = await wang.sends_location(31.2, 121.5)
    await wang.sees(CANNOT_PASS_ON)
    before = len(wang.screen())
    for step in range(3):
        moved = {**place.snapshot(), "edit_date": 5 + step, "location": {"latitude": 31.3, "longitude": 121.5 + step}}
        world.telegram.inject({"edited_message": moved})
    await rested(world)
    assert len(wang.screen()) == before


# The owner's card


async def test_the_owners_card_tells_every_step_with_its_time(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    card = await cast.wang.sees(f"#{number}")
    await until_it_says(world, card, "✓ Sent, 12:00")
    world.turn(minutes=3)
    await tap(world, cast.anna, "claim:", cast.maintenance)
    await until_it_says(world, card, "✓ Taken by Anna, 12:03")
    world.turn(minutes=1)
    await tap(world, cast.anna, "release:", cast.maintenance)
    await until_it_says(world, card, "↺ We are arranging a colleague for you, 12:04")
    world.turn(minutes=1)
    await tap(world, cast.anna, "claim:", cast.maintenance)
    await until_it_says(world, card, "✓ Taken by Anna, 12:05")
    world.turn(days=1)
    await tap(world, cast.anna, "onsite:", cast.maintenance)
    await until_it_says(world, card, "✓ On site, 12:05")
    await tap(world, cast.anna, "done:", cast.maintenance)
    await cast.maintenance.sees("Done by Anna")
    world.turn(minutes=1)
    await until_it_says(world, card, "✓ Done, 12:05")
    assert "✓ Sent, Mon 15 Jun 12:00" in card.text
    assert card.buttons == []
    assert len([message for message in cast.wang.screen() if "✓ Sent" in message.text]) == 1


async def test_cancelling_asks_first_and_tells_the_team(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    card = await cast.wang.sees(f"#{number}")
    await cast.wang.taps(card, "Cancel this request")
    await until_it_says(world, card, "Cancel this request?")
    await cast.wang.taps(card, "No, keep it")
    await world.telegram.until(lambda: card.button_texts == ["Change the time", "Cancel this request"])
    await cast.wang.taps(card, "Cancel this request")
    await until_it_says(world, card, "Cancel this request?")
    assert (await cast.wang.taps(card, "Yes, cancel it")).text == f"#{number} has been cancelled."
    await until_it_says(world, card, "✕ Cancelled, 12:00")
    there = await cast.maintenance.sees("Cancelled, 12:00")
    assert there.buttons == []
    assert not [message for message in cast.maintenance.screen() if "the owner cancelled" in message.text]


async def test_cancelling_a_claimed_request_tells_the_butler(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    await tap(world, cast.anna, "claim:", cast.maintenance)
    card = await cast.wang.sees("Taken by Anna")
    await cast.wang.taps(card, "Cancel this request")
    await until_it_says(world, card, "Cancel this request?")
    await cast.wang.taps(card, "Yes, cancel it")
    told = await cast.maintenance.sees(f"#{number} · Villa 8 · Repairs: Anna, the owner cancelled it.")
    assert told.reply_to is not None
    answer = await cast.anna.taps_data(told.reply_to, f"done:{number}")
    assert answer.text == f"The owner cancelled #{number}, 12:00."


async def test_a_request_that_is_done_cannot_be_cancelled(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    card = await cast.wang.sees(f"#{number}")
    await tap(world, cast.anna, "claim:", cast.maintenance)
    await tap(world, cast.anna, "done:", cast.maintenance)
    await cast.maintenance.sees("Done by Anna")
    world.turn(minutes=1)
    await until_it_says(world, card, "✓ Done")
    for data in (f"cancel:{number}", f"cancelsure:{number}"):
        answer = await cast.wang.taps_data(card, data)
        assert answer.text == (
            "I am sorry, this request is already under way and can no longer be cancelled here. Please speak to "
            "the service centre."
        )
        assert answer.alert
    assert "✅" in (await cast.maintenance.sees(f"#{number}")).text


async def test_the_list_of_requests_shows_how_each_stands(world: World) -> None:
    cast = await on_stage(world)
    first = await order_repair(world, cast.wang, "One")
    second = await order_repair(world, cast.wang, "Two")
    card = await cast.maintenance.sees(f"#{first}")
    await cast.anna.taps_data(card, f"claim:{first}")
    await cast.wang.writes("/requests")
    shown = await cast.wang.sees("Your latest requests")
    assert f"🔧 #{second} Repairs: being arranged since 12:00\n🔧 #{first} Repairs: taken by Anna, 12:00" in shown.text
    await cast.wang.taps(shown, "‹ Menu")
    await until_it_says(world, shown, "How may we be of service?")
    await cast.wang.taps(shown, "📋 My requests")
    await until_it_says(world, shown, "Your latest requests")


# The profile


async def test_the_form_of_address_is_changed_on_open_cards_too(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    card = await cast.maintenance.sees(f"#{number}")
    assert "Mr Wang" in card.text
    await cast.wang.writes("/profile")
    await chooses(cast.wang, "Form of address: Mr Wang", "Change the form of address")
    await chooses(cast.wang, "How may we address you?", "Professor")
    await cast.wang.sees("Professor Wang")
    await until_it_says(world, card, "Professor Wang")


@pytest.mark.parametrize(("month", "day", "shown"), [("February", "29", "29 February"), ("June", "1", "1 June")])
async def test_the_birthday_is_changed(world: World, month: str, day: str, shown: str) -> None:
    wang = await world.owner("Wang")
    await wang.writes("/profile")
    await chooses(wang, "Birthday: not given", "Change the birthday")
    await chooses(wang, "In which month is your birthday?", month)
    days = await wang.sees("On which day?")
    assert ("30" in days.button_texts) is (month == "June")
    await wang.taps(days, day)
    await wang.sees(f"Birthday: {shown}")


async def test_a_change_of_language_reaches_open_cards(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    card, there = await cast.wang.sees(f"#{number}"), await cast.maintenance.sees("🗣 Language: English")
    await cast.wang.writes("/language")
    await chooses(cast.wang, "Which language would you like me to speak?", "简体中文")
    await until_it_says(world, card, "已提交")
    assert card.button_texts == ["更改时间", "取消此需求"]
    await until_it_says(world, there, "🗣 Language: Chinese")
    assert "Mr Wang (Wang 先生)" in there.text


async def test_more_open_requests_than_the_list_shows_change_their_language(world: World) -> None:
    cast = await on_stage(world)
    first = await order_repair(world, cast.wang, "The oldest")
    oldest = await cast.wang.sees(f"#{first}")
    for _ in range(10):
        await order_repair(world, cast.wang, "Another")
    await cast.wang.writes("/language")
    await chooses(cast.wang, "Which language would you like me to speak?", "简体中文")
    await until_it_says(world, oldest, "已提交")


# Catalogues of one's own


def _catalogue(folder: Path, old: str, new: str) -> Path:
    text = SHIPPED_CATALOGUE.read_text(encoding="utf-8")
    assert old in text
    path = folder / "catalogue.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


async def test_files_may_be_required(database_url: str, tmp_path: Path) -> None:
    changed = 'question = "You may send photos.", label = "Attachments"'
    path = _catalogue(tmp_path, f"{changed}, optional = true", changed)
    async with on_duty(database_url, catalogue=path) as world:
        cast = await on_stage(world)
        await begins(cast.wang, "things")
        await cast.wang.writes("The clock")
        shown = await at(cast.wang, "things", 2)
        assert "Skip" not in shown.button_texts
        await cast.wang.sends_photo()
        await chooses(cast.wang, "Thank you, I have received that.", "Continue")
        await chooses(cast.wang, heading("things", 3), "As soon as possible")
        number = await sends(cast.wang)
        await cast.butlers.sees(f"#{number} · Villa 8 · Item repairs")


async def test_a_catalogues_texts_may_hold_any_character(database_url: str, tmp_path: Path) -> None:
    path = _catalogue(tmp_path, '"Is there anything we should know?"', '"10% off, 100 %s <now> & then?"')
    async with on_duty(database_url, catalogue=path) as world:
        wang = await world.owner("Wang")
        await begins(wang, "shoe_shine")
        await chooses(wang, heading("shoe_shine", 1), "1")
        await chooses(wang, heading("shoe_shine", 2), "As soon as possible")
        await wang.sees("10% off, 100 %s <now> & then?")


async def test_a_service_taken_out_of_the_catalogue_ends_its_drafts_politely(database_url: str, tmp_path: Path) -> None:
    path = _catalogue(tmp_path, "[services.tea]", "[services.another_tea]")
    async with on_duty(database_url) as world:
        wang = await world.owner("Wang")
        shown = await begins(wang, "tea")
        await world.stop()
        world.catalogue = path
        await world.start()
        await wang.taps(shown, "3")
        await until_it_says(world, shown, OUT_OF_DATE)
        await wang.writes("/cancel")
        await wang.sees("Nothing has been sent.")
        shown = await begins(wang, "shoe_shine")


async def test_words_for_a_service_taken_out_of_the_catalogue_are_kept(database_url: str, tmp_path: Path) -> None:
    path = _catalogue(tmp_path, "[services.enquiry]", "[services.another]")
    async with on_duty(database_url) as world:
        wang = await world.owner("Wang")
        await begins(wang, "enquiry")
        await world.stop()
        world.catalogue = path
        await world.start()
        await wang.writes("Is the pool open?")
        await chooses(wang, "Thank you, I have received that.", "🔧 Repairs")
        assert "Is the pool open?" not in (await at(wang, "repair", 1)).text
        assert "Your answer so far: Is the pool open?" in (await says_it_can_wait(wang)).text


def test_noon_is_a_monday() -> None:
    assert (NOON + timedelta(hours=8)).strftime("%a %H:%M") == "Mon 12:00"
