"""The time that the owner chose was tied to nothing: it passed without a word to anybody."""

from __future__ import annotations

from sqlalchemy import delete
from sqlmodel import col

from concierge_bot.desk.context import Desk
from concierge_bot.desk.fulfilment import appointments
from concierge_bot.desk.queues.timers import TimerKind
from storage.tables.people import Person
from storage.tables.queues import Timer
from storage.tables.requests import RequestEvent
from tests.support.appointing import claimed_shoes, is_silent, order_shoes, request, settled_in, texts, turn_to
from tests.support.cast import rested
from tests.support.looks import rows
from tests.support.world import World, newest, tap


async def test_whoever_has_it_is_reminded_before_the_window_and_the_owner_reads_who_is_on_the_way(world: World) -> None:
    cast = await settled_in(world)
    number = await claimed_shoes(cast)
    await turn_to(world, 13, 29)
    assert not texts(cast.bo, "the agreed time")
    await turn_to(world, 13, 31)
    reminder = await cast.bo.sees(f"#{number} · Villa 8 · Shoe shine: the agreed time with Mr Wang is 14:00–16:00")
    assert not is_silent(world, reminder)
    answer = await cast.bo.taps(reminder, "On my way")
    assert answer.text == "The owner has been told."
    await cast.wang.sees("Mr Wang, Bo is on the way to you")
    await cast.wang.sees("Bo is on the way, 13:31")  # on the card, too
    again = await cast.bo.taps_data(reminder, f"onway:{number}")
    assert again.text == "The owner has already been told."
    await rested(world)
    assert len(texts(cast.wang, "is on the way to you")) == 1
    assert len(await rows(world, RequestEvent, RequestEvent.kind == "on_my_way")) == 1


async def test_fifteen_minutes_late_is_told_once_and_puts_off_the_late_chain(world: World) -> None:
    cast = await settled_in(world)
    number = await claimed_shoes(cast)
    await turn_to(world, 15, 55)
    answer = await tap(world, cast.bo, f"delay:{number}")
    assert answer.text == "The owner has been told."
    await cast.wang.sees("Bo will be about 15 minutes later, by 16:15")
    assert newest(cast.butlers, f"delay:{number}") is None  # nor does the card offer it again
    await rested(world)
    assert len(texts(cast.wang, "about 15 minutes later, by")) == 1
    await turn_to(world, 16, 14)
    assert not texts(cast.bo, "was due on site")
    await turn_to(world, 16, 16)
    await cast.bo.sees("Bo was due on site by 16:15")


async def test_the_window_does_not_pass_without_a_word(world: World) -> None:
    cast = await settled_in(world)
    number = await claimed_shoes(cast)
    await turn_to(world, 15, 59)
    assert not texts(cast.bo, "was due on site")
    await turn_to(world, 16, 1)
    await cast.bo.sees(f"#{number} · Villa 8 · Shoe shine: Bo was due on site by 16:00")
    await turn_to(world, 16, 7)
    await cast.chen.sees("Nobody is on site yet")


async def test_whoever_is_there_in_time_hears_no_more(world: World) -> None:
    cast = await settled_in(world)
    number = await claimed_shoes(cast)
    await turn_to(world, 14, 30)
    await tap(world, cast.bo, f"onsite:{number}", cast.butlers)
    await turn_to(world, 16, 30)
    assert not texts(cast.bo, "was due on site")
    assert not texts(cast.chen, f"#{number}")


async def test_where_the_holder_cannot_be_reached_in_private_the_group_is_told_by_name(world: World) -> None:
    cast = await settled_in(world, in_private=False)
    await claimed_shoes(cast)
    await turn_to(world, 13, 31)
    reminder = await cast.butlers.sees("the agreed time with Mr Wang is 14:00–16:00")
    assert reminder.text.startswith("👉 Bo:")
    await cast.bo.taps(reminder, "On my way")
    await cast.wang.sees("Bo is on the way to you")


async def test_nobody_is_reminded_of_a_window_that_begins_in_a_moment_but_the_card_has_the_buttons(
    world: World,
) -> None:
    cast = await settled_in(world)
    number = await order_shoes(cast.wang)
    await turn_to(world, 13, 50)
    await tap(world, cast.bo, f"claim:{number}", cast.butlers)
    await rested(world)
    assert not texts(cast.bo, "the agreed time")
    await tap(world, cast.bo, f"onway:{number}", cast.butlers)
    await cast.wang.sees("Bo is on the way to you")
    await cast.butlers.sees("On the way since 13:50")


async def test_nobody_waits_to_claim_until_the_window_has_begun(world: World) -> None:
    cast = await settled_in(world)
    await turn_to(world, 13, 58)
    number = await order_shoes(cast.wang)
    assert (await request(world, number)).claim_by.hour == 6  # 14:00 in Shanghai
    await turn_to(world, 14, 1)
    await cast.butlers.sees(f"#{number} · Villa 8 · Shoe shine: nobody has taken this yet")


async def test_any_time_of_the_day_is_late_at_the_end_of_the_teams_hours_and_rings_nobody_at_night(
    world: World,
) -> None:
    cast = await settled_in(world)
    number = await claimed_shoes(cast, "Tomorrow", "Any time that day")
    found = await request(world, number)
    assert found.arrive_by is not None
    assert (found.arrive_by.day, found.arrive_by.hour) == (16, 14)  # 22:00 in Shanghai
    await turn_to(world, 7, 59, days=1)
    assert not texts(cast.bo, "the agreed time")
    await turn_to(world, 8, 1)
    reminder = await cast.bo.sees("the agreed time with Mr Wang is any time today")
    assert not is_silent(world, reminder)
    await tap(world, cast.bo, f"onway:{number}")
    await turn_to(world, 23, 0)
    await turn_to(world, 7, 0, days=1)
    assert not texts(cast.bo, "was due on site")
    await turn_to(world, 8, 1)
    await cast.bo.sees("Bo was due on site by")


async def test_what_overlaps_is_pointed_out_to_whoever_claims_it(world: World) -> None:
    cast = await settled_in(world)
    first = await claimed_shoes(cast)
    second = await order_shoes(cast.wang)
    answer = await tap(world, cast.bo, f"claim:{second}", cast.butlers)
    assert answer.text == f"#{second} is yours. It overlaps with #{first} · Villa 8, 14:00–16:00."
    assert answer.alert
    await cast.butlers.sees("Taken by Bo")
    later = await order_shoes(cast.wang, "Today", "16:00–18:00")
    answer = await tap(world, cast.bo, f"claim:{later}", cast.butlers)
    assert answer.text == f"#{later} is yours."


async def test_todays_and_tomorrows_appointments_come_first_next_things_first(world: World) -> None:
    cast = await settled_in(world)
    tomorrow = await claimed_shoes(cast, "Tomorrow", "08:00–10:00")
    today = await claimed_shoes(cast, "Today", "18:00–20:00")

    def look(desk: Desk) -> list[int | None]:
        bo = desk.session.get_one(Person, claimed_by)
        return [one.request.id for one in appointments.upcoming(desk, bo)]

    claimed_by = (await request(world, today)).claimed_by
    assert await world.desk(look) == [today, tomorrow]
    await turn_to(world, 20, 1)
    assert await world.desk(look) == [tomorrow]


async def test_a_reminder_of_a_window_in_the_morning_makes_no_sound_in_the_quiet_hours(world: World) -> None:
    cast = await settled_in(world)
    await claimed_shoes(cast, "Tomorrow", "08:00–10:00")
    await turn_to(world, 7, 31, days=1)
    reminder = await cast.bo.sees("the agreed time with Mr Wang is 08:00–10:00")
    assert is_silent(world, reminder)


async def test_a_request_from_before_there_were_reminders_gets_one(world: World) -> None:
    cast = await settled_in(world)
    number = await claimed_shoes(cast)
    await world.desk(lambda desk: desk.session.exec(delete(Timer).where(col(Timer.kind) == TimerKind.APPOINTMENT)))
    await world.restart()
    await turn_to(world, 13, 31)
    await cast.bo.sees(f"#{number} · Villa 8 · Shoe shine: the agreed time with Mr Wang is 14:00–16:00")
