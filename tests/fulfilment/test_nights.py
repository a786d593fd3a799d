"""Nights: what is not urgent rings nobody, what was seen is not forgotten, and an alarm finds somebody."""

from __future__ import annotations

from datetime import timedelta

from concierge_bot.commands.invite import manager
from concierge_bot.playground import Person
from tests.support.cast import Cast, begins, chooses, on_stage, rested, sends
from tests.support.hearing import heard, local, pass_time, received
from tests.support.world import World, newest, order_repair, tap

QUARTER = timedelta(minutes=15)


async def _orders_shoe_shine(person: Person, when: str = "As soon as possible") -> int:
    await begins(person, "shoe_shine")
    await chooses(person, "How many pairs of shoes?", "2")
    await chooses(person, "When may we collect them?", when)
    if when != "As soon as possible":
        await chooses(person, "At what time on", "14:00–16:00")
    await chooses(person, "Is there anything we should know?", "Skip")
    return await sends(person)


async def _opens(cast: Cast, *people: Person) -> None:
    """Members of the staff come to be known, and open the bot in private."""
    for person in people:
        await person.writes("/duty", chat=cast.butlers if person is cast.bo else cast.maintenance)
        await person.starts()
        await rested(cast.world)


async def test_shoes_in_the_evening_ring_the_supervisor_all_night(world: World) -> None:
    world.clock.turn_to(local(15, "21:48"))
    cast = await on_stage(world)
    number = await _orders_shoe_shine(cast.wang)
    await pass_time(world, QUARTER, local(16, "07:55"))
    assert heard(world, cast.chen, local(15, "22:00")) == []
    assert heard(world, cast.butlers, local(15, "22:00")) == []
    await pass_time(world, timedelta(minutes=2), local(16, "08:20"))
    (first, *_) = heard(world, cast.chen, local(16, "07:55"))
    assert f"#{number} · Villa 8 · Shoe shine" in first.text
    assert heard(world, cast.butlers, local(16, "07:55"))


async def test_a_request_that_was_seen_is_forgotten_for_ever(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    await pass_time(world, timedelta(minutes=5), local(15, "12:11"))
    await tap(world, cast.chen, f"seen:{number}")
    await pass_time(world, QUARTER, local(15, "21:30"))
    seen_at = local(15, "12:12")
    assert heard(world, cast.chen, seen_at) == []
    for day in (16, 17, 18):
        await pass_time(world, timedelta(hours=2), local(day, "07:59"))
        await pass_time(world, timedelta(minutes=3), local(day, "08:12"))
        assert any(f"#{number}" in message.text for message in heard(world, cast.maintenance, local(day, "08:00"))), day
        assert any(f"#{number}" in message.text for message in heard(world, cast.chen, local(day, "08:00"))), day
        await tap(world, cast.chen, f"seen:{number}")
    await tap(world, cast.anna, f"claim:{number}", cast.maintenance)
    await pass_time(world, timedelta(hours=2), local(19, "07:00"))
    claimed_at = world.clock.now()
    await pass_time(world, timedelta(minutes=20), local(19, "09:00"))
    assert not [
        message for message in heard(world, cast.maintenance, claimed_at) if "nobody has taken this yet" in message.text
    ]


async def test_a_day_rings_the_supervisor_a_few_times_and_then_the_manager(world: World) -> None:
    cast = await on_stage(world)
    lin = world.telegram.person("Lin")
    await lin.starts(await world.code(manager(name="Lin")))
    await tap(world, lin, "lang:en")
    await _orders_shoe_shine(cast.wang)
    began = world.clock.now()
    await pass_time(world, timedelta(minutes=5), local(15, "18:00"))
    assert [message.time for message in heard(world, cast.chen, began)] == ["12:15", "12:25", "12:35", "12:45"]
    assert [message.time for message in heard(world, lin, began)] == ["12:45"]


async def test_an_expired_word_of_duty_leaves_an_alarm_to_nobody(world: World) -> None:
    cast = await on_stage(world)
    await _opens(cast, cast.anna)
    await cast.anna.writes("/on", chat=cast.maintenance)
    await cast.maintenance.sees("Anna is on duty")
    await pass_time(world, timedelta(hours=17), local(16, "05:00"))
    number = await order_repair(world, cast.wang, "It smells of gas", kind="gas")
    card = await cast.anna.sees(f"#{number}")
    assert any(f"#{number}" in message.text for message in heard(world, cast.anna, local(16, "04:59")))
    assert "URGENT" in card.text


async def test_whoever_said_off_is_not_rung_by_an_alarm(world: World) -> None:
    cast = await on_stage(world)
    ben = world.telegram.person("Ben")
    await cast.maintenance.add(ben)
    await _opens(cast, cast.anna, ben)
    await ben.writes("/off", chat=cast.maintenance)
    await cast.maintenance.sees("Ben is off duty")
    number = await order_repair(world, cast.wang, "Gas", kind="gas")
    await cast.anna.sees(f"#{number}")
    assert newest(ben, f"claim:{number}") is None


async def test_a_roster_without_anybody_now_leaves_an_alarm_to_everybody(world: World) -> None:
    cast = await on_stage(world)
    await _opens(cast, cast.anna)
    await cast.chen.writes("/roster maintenance\nMon-Sun 08:00-10:00 Anna")
    await cast.chen.sees("Duty roster: Maintenance")
    number = await order_repair(world, cast.wang, "Gas", kind="gas")
    await cast.anna.sees(f"#{number}")


async def test_a_claim_for_a_day_to_come_is_asked_about_day_and_night(world: World) -> None:
    cast = await on_stage(world)
    await _opens(cast, cast.bo)
    number = await _orders_shoe_shine(cast.wang, "Tomorrow")
    await tap(world, cast.bo, f"claim:{number}", cast.butlers)
    await pass_time(world, timedelta(minutes=30), local(16, "11:00"))
    assert not [message for message in received(world, cast.bo) if "Are you on" in message.text]


async def test_six_jobs_are_six_questions_that_say_nothing(world: World) -> None:
    cast = await on_stage(world)
    await _opens(cast, cast.bo)
    numbers = [await _orders_shoe_shine(cast.wang) for _ in range(3)]
    for number in numbers:
        await tap(world, cast.bo, f"claim:{number}", cast.butlers)
        world.turn(minutes=3)
    asked_from = world.clock.now()
    await pass_time(world, timedelta(minutes=10), local(15, "14:15"))
    (question,) = heard(world, cast.bo, asked_from)
    for number in numbers:
        assert f"#{number} · Villa 8 · Shoe shine" in question.text
    await tap(world, cast.bo, f"onit:{numbers[0]}:0")
    await cast.bo.sees("Thank you, good to know")
    shown = await cast.bo.sees("Are you on these")
    assert f"#{numbers[0]} ·" not in shown.text
    await tap(world, cast.bo, "onall:")
    await world.telegram.until(lambda: "Are you on" not in cast.bo.last.text)
    await pass_time(world, timedelta(minutes=10), local(15, "14:45"))
    assert not [message for message in heard(world, cast.chen, asked_from) if "in hand" in message.text]


async def test_the_supervisor_is_rung_for_silence_at_night_with_a_card_that_does_not_say_why(world: World) -> None:
    world.clock.turn_to(local(15, "19:55"))
    cast = await on_stage(world)
    await _opens(cast, cast.bo)
    number = await _orders_shoe_shine(cast.wang)
    await tap(world, cast.bo, f"claim:{number}", cast.butlers)
    claimed_at = world.clock.now()
    await pass_time(world, QUARTER, local(16, "07:59"))
    assert heard(world, cast.chen, claimed_at) == []
    await pass_time(world, timedelta(minutes=3), local(16, "08:20"))
    (told,) = heard(world, cast.chen, claimed_at)
    assert told.text.splitlines()[0] == "⏰ <b>Bo has not said whether this is in hand.</b>"
    assert f"#{number} · Villa 8 · Shoe shine" in told.text


async def test_seen_from_before_a_release_silences_what_comes_after_it(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    await pass_time(world, timedelta(minutes=5), local(15, "12:10"))
    world.turn(minutes=1)
    await tap(world, cast.chen, f"seen:{number}")
    await tap(world, cast.anna, f"claim:{number}", cast.maintenance)
    world.turn(minutes=1)
    await tap(world, cast.anna, f"release:{number}", cast.maintenance)
    released_at = world.clock.now()
    await pass_time(world, timedelta(minutes=5), released_at + timedelta(minutes=45))
    assert len(heard(world, cast.chen, released_at)) == 4


async def test_reminding_names_a_deadline_that_nobody_set(world: World) -> None:
    cast = await on_stage(world)
    await _opens(cast, cast.bo)
    number = await _orders_shoe_shine(cast.wang)
    await tap(world, cast.bo, f"claim:{number}", cast.butlers)
    await cast.chen.writes("/open")
    await tap(world, cast.chen, f"card:{number}")
    await tap(world, cast.chen, f"remind:{number}")
    reminded = await cast.bo.sees("Chen has sent you a reminder")
    assert reminded.text.splitlines()[0] == f"⏰ #{number} · Villa 8 · Shoe shine: how is it going, Bo?"


async def test_who_is_given_a_request_gets_its_card_with_its_buttons(world: World) -> None:
    cast = await on_stage(world)
    await _opens(cast, cast.bo)
    number = await _orders_shoe_shine(cast.wang)
    await cast.chen.writes("/open")
    await tap(world, cast.chen, f"card:{number}")
    await tap(world, cast.chen, f"assign:{number}")
    await tap(world, cast.chen, f"assignto:{number}")
    await cast.bo.sees("Chen has assigned this to you")
    await tap(world, cast.bo, f"done:{number}")
    await cast.butlers.sees("Done by Bo")


async def test_a_supervisor_in_the_group_gets_two_cards_and_is_rung_in_both_roles(world: World) -> None:
    cast = await on_stage(world)
    await cast.chen.writes("/duty", chat=cast.maintenance)
    await cast.maintenance.sees("On duty now")
    number = await order_repair(world, cast.wang, "Gas", kind="gas")
    await cast.chen.sees(f"#{number}")
    began = world.clock.now()
    await pass_time(world, timedelta(minutes=1), began + timedelta(minutes=8))
    cards = [message for message in cast.chen.screen() if message.buttons and f"#{number}" in message.text]
    assert len(cards) == 1
    rung = [message.time for message in heard(world, cast.chen, began + timedelta(minutes=1))]
    assert len(rung) == len(set(rung)), rung


async def test_closed_hours_are_no_gaps_of_the_roster(world: World) -> None:
    cast = await on_stage(world)
    await _opens(cast, cast.anna)
    await cast.chen.writes("/roster maintenance\nMon-Sun 07:00-22:00 Anna")
    shown = await cast.chen.sees("Duty roster: Maintenance")
    assert "Somebody is on duty in all of the team's working hours" in shown.text
    await cast.chen.writes("/roster maintenance\nMon-Sat 07:00-20:00 Anna")
    await cast.chen.sees("Maintenance: nobody is on duty at these working times")
    assert "20:00 – 22:00" in cast.chen.last.text.replace("Tue 16 Jun ", "")


async def test_a_flood_that_nobody_takes_rings_at_longer_and_longer_pauses_and_never_stops(world: World) -> None:
    cast = await on_stage(world)
    await _opens(cast, cast.anna)
    await order_repair(world, cast.wang, "The cellar", kind="flood")
    began = world.clock.now()
    await pass_time(world, timedelta(minutes=3), began + timedelta(minutes=30))
    await pass_time(world, timedelta(minutes=10), began + timedelta(hours=4))
    for person in (cast.anna, cast.chen):
        rings = [
            message.at - began for message in heard(world, person, began) if "nobody has taken this yet" in message.text
        ]
        hours = [sum(timedelta(hours=hour) <= at < timedelta(hours=hour + 1) for at in rings) for hour in range(4)]
        assert hours[0] >= 8, hours
        assert hours == sorted(hours, reverse=True), hours
        assert hours[0] > 2 * hours[3] > 0, hours


async def test_three_that_fall_due_at_one_moment_ring_the_supervisor_once(world: World) -> None:
    cast = await on_stage(world)
    numbers = [await _orders_shoe_shine(cast.wang) for _ in range(3)]
    await pass_time(world, timedelta(minutes=5), local(15, "12:21"))
    for number in numbers:
        await cast.chen.sees(f"#{number} · Villa 8 · Shoe shine")
    assert len(heard(world, cast.chen, local(15, "12:15"))) == 1
    assert len(received(world, cast.chen, local(15, "12:15"))) == 3


async def test_what_was_asked_about_a_moment_ago_is_not_asked_about_again(world: World) -> None:
    cast = await on_stage(world)
    await _opens(cast, cast.bo)
    first = await _orders_shoe_shine(cast.wang)
    await tap(world, cast.bo, f"claim:{first}", cast.butlers)
    await tap(world, cast.bo, f"onsite:{first}", cast.butlers)
    second = await _orders_shoe_shine(cast.wang)
    await tap(world, cast.bo, f"claim:{second}", cast.butlers)
    await pass_time(world, timedelta(hours=1), local(16, "07:30"))
    before = world.clock.now()
    await pass_time(world, timedelta(minutes=5), local(16, "08:30"))
    (asked,) = (message for message in received(world, cast.bo, before) if "do you need more time?" in message.text)
    assert f"#{first}" in asked.text
    assert f"#{second}" in asked.text
    told = [message.text for message in received(world, cast.chen, before) if "has not said" in message.text]
    assert len(told) == 2, told


async def test_what_comes_back_as_an_alarm_says_why_and_names_no_deadline_that_nobody_set(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang, "The cellar", kind="flood")
    await tap(world, cast.anna, f"claim:{number}", cast.maintenance)
    await tap(world, cast.anna, f"onsite:{number}", cast.maintenance)
    await tap(world, cast.anna, f"done:{number}", cast.maintenance)
    await pass_time(world, timedelta(minutes=2), local(15, "12:06"))
    await tap(world, cast.wang, f"sign:{number}:not_right")
    await cast.chen.sees(f"Return of #{number}")
    await rested(world)
    assert not [message.text for message in received(world, cast.chen) if "is due to finish by" in message.text]
    await cast.chen.sees(f"The owner is not satisfied with #{number}.")
