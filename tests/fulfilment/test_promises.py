"""Promises kept: urgency, chains, duty, stale claims, sign-off, the ledger, figures, the watchdog."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from concierge_bot.commands.invite import manager
from concierge_bot.playground import Group, Person
from storage.tables.queues import Heartbeat
from storage.tables.requests import FollowUpAttempt, Request, RequestEvent, SignOff
from tests.support.cast import rested
from tests.support.world import World, newest, order_repair, tap


class Estate:
    """A supervisor, a property manager, an engineer, their group and an owner."""

    def __init__(self, world: World, chen: Person, lin: Person, anna: Person, group: Group, wang: Person) -> None:
        self.world, self.chen, self.lin, self.anna, self.group, self.wang = world, chen, lin, anna, group, wang

    @classmethod
    async def of(cls, world: World) -> Estate:
        """Everybody has opened the bot."""
        chen = await world.supervisor("Chen")
        lin = world.telegram.person("Lin")
        await lin.starts(await world.code(manager(name="Lin")))
        await tap(world, lin, "lang:en")
        anna = world.telegram.person("Anna")
        group = await world.team("maintenance", anna, by=chen)
        await anna.writes("/duty", chat=group)
        await group.sees("On duty now")
        await anna.starts()
        await anna.sees("Requests appear in the staff chat")
        return cls(world, chen, lin, anna, group, await world.owner("Wang"))

    async def done(self) -> int:
        """A repair that Anna finished."""
        number = await order_repair(self.world, self.wang)
        await tap(self.world, self.anna, f"claim:{number}", self.group)
        await tap(self.world, self.anna, f"done:{number}", self.group)
        self.world.turn(minutes=1)
        return number


@pytest.fixture
async def estate(world: World) -> Estate:
    """The estate of these stories."""
    return await Estate.of(world)


async def test_flooding_is_urgent_by_itself_and_rings_who_is_on_duty(estate: Estate) -> None:
    number = await order_repair(estate.world, estate.wang, "The cellar is under water", kind="flood")
    card = await estate.group.sees(f"#{number}")
    assert "URGENT" in card.text
    assert "On site by 12:05" in card.text
    assert "Done by 20:00" in card.text
    private = await estate.anna.sees(f"#{number}")
    won = await estate.anna.taps(private, "Claim")
    assert won.text == f"#{number} is yours."
    await estate.group.sees("Taken by Anna")


async def test_each_step_of_the_urgent_chain_comes_at_its_time(estate: Estate) -> None:
    world = estate.world
    await estate.chen.writes("/lead Anna", chat=estate.group)
    await estate.group.sees("Anna leads this team now")
    number = await order_repair(world, estate.wang, "Gas!", kind="gas")
    await estate.anna.sees(f"#{number}")

    async def minutes_later(minutes: float) -> None:
        world.turn(minutes=minutes)
        await rested(world)

    await minutes_later(1.9)
    assert not [message for message in estate.group.screen() if "nobody has taken this yet" in message.text]
    await minutes_later(0.2)
    await estate.group.sees("nobody has taken this yet (2 minutes)")
    assert sum("nobody has taken this yet" in message.text for message in estate.anna.screen()) == 1
    await minutes_later(1)
    assert sum("nobody has taken this yet" in message.text for message in estate.anna.screen()) == 2
    await minutes_later(1)
    await estate.chen.sees("Nobody has taken this request yet")
    assert newest(estate.lin, "take:") is None
    await minutes_later(5)
    await estate.lin.sees("Nobody has taken this request yet")
    await tap(world, estate.lin, "take:")
    await estate.group.sees("Taken by Lin")
    told = len(estate.chen.screen())
    await minutes_later(4)
    assert [message for message in estate.chen.screen()[told:] if "waiting" in message.text] == []


async def test_nobody_on_site_in_time_is_told_on(estate: Estate) -> None:
    world = estate.world
    number = await order_repair(world, estate.wang, "Water everywhere", kind="flood")
    await tap(world, estate.anna, f"claim:{number}", estate.group)
    world.turn(minutes=5, seconds=1)
    await estate.anna.sees(f"#{number} · Villa 8 · Repairs: Anna was due on site by 12:05")
    world.turn(minutes=1)
    await estate.chen.sees("Nobody is on site yet")
    await tap(world, estate.chen, "seen:")
    await estate.chen.sees("Seen by Chen")
    before = len(estate.chen.screen())
    world.turn(minutes=6)
    await rested(world)
    assert len(estate.chen.screen()) == before


async def test_quiet_for_a_quarter_of_an_hour(estate: Estate) -> None:
    world = estate.world
    await order_repair(world, estate.wang, "Gas", kind="gas")
    for minutes in (2.1, 1, 1, 1):
        world.turn(minutes=minutes)
        await rested(world)
    answer = await tap(world, estate.chen, "snooze:")
    assert "not remind you of this until" in str(answer.text)
    await rested(world)
    before = len(estate.chen.screen())
    world.turn(minutes=4)
    await rested(world)
    assert len(estate.chen.screen()) == before
    world.turn(minutes=12)
    await world.telegram.until(lambda: len(estate.chen.screen()) > before)


async def test_minor_repairs_count_opening_hours_only(world: World) -> None:
    world.clock.turn_to(world.clock.now().replace(hour=14, minute=58))
    estate = await Estate.of(world)
    await order_repair(world, estate.wang)
    world.turn(minutes=30)
    await rested(world)
    assert not [message for message in estate.group.screen() if "nobody has taken this yet" in message.text]
    world.turn(hours=8, minutes=40)
    await estate.group.sees("nobody has taken this yet")


async def test_a_supervisor_takes_it_from_who_has_it(estate: Estate) -> None:
    world = estate.world
    number = await order_repair(world, estate.wang)
    await tap(world, estate.anna, f"claim:{number}", estate.group)
    await estate.chen.writes("/open")
    await estate.chen.sees("1 open request")
    await tap(world, estate.chen, "card:")
    await tap(world, estate.chen, "take:")
    await estate.group.sees(f"#{number} · Villa 8 · Repairs: Chen is taking this")
    await estate.wang.sees("Taken by Chen")


async def test_reminding_whoever_has_it(estate: Estate) -> None:
    world = estate.world
    number = await order_repair(world, estate.wang)
    await tap(world, estate.anna, f"claim:{number}", estate.group)
    await estate.chen.writes("/open")
    await tap(world, estate.chen, "card:")
    assert (await tap(world, estate.chen, "remind:")).text == "Reminded."
    await estate.anna.sees(f"#{number} · Villa 8 · Repairs: Anna is due to finish by")


async def test_a_stale_claim_is_asked_about_then_told_on(estate: Estate) -> None:
    world = estate.world
    number = await order_repair(world, estate.wang, "Flood", kind="flood")
    await tap(world, estate.anna, f"claim:{number}", estate.group)
    world.turn(minutes=2, seconds=31)
    await estate.anna.sees("This is with you. Are you on it")
    answer = await tap(world, estate.anna, "onit:")
    assert answer.answered
    await estate.anna.sees("good to know")


async def test_a_stale_claim_without_an_answer_reaches_the_supervisor(estate: Estate) -> None:
    world = estate.world
    number = await order_repair(world, estate.wang)
    await tap(world, estate.anna, f"claim:{number}", estate.group)
    for _ in range(5):
        world.turn(hours=12)
        await rested(world)
        if newest(estate.anna, "onit:"):
            break
    await estate.anna.sees("This is with you. Are you on it")
    world.turn(minutes=10, seconds=1)
    await estate.chen.sees(f"#{number}")


async def test_who_leaves_gives_back_what_they_had(estate: Estate) -> None:
    world = estate.world
    number = await order_repair(world, estate.wang)
    await tap(world, estate.anna, f"claim:{number}", estate.group)
    await estate.wang.sees("Taken by Anna")
    await estate.group.remove(estate.anna)
    await estate.group.sees(f"#{number} · Villa 8 · Repairs is open again")
    await estate.wang.sees("We are arranging a colleague for you")


async def test_the_owner_signs(estate: Estate) -> None:
    number = await estate.done()
    question = await estate.wang.sees("Is everything to your satisfaction?")
    await estate.wang.taps(question, "Yes, thank you")
    await estate.wang.sees("Thank you, Mr Wang.")
    kept = await estate.world.desk(lambda desk: desk.session.get_one(SignOff, number))
    assert kept.outcome == "good"


async def test_silence_is_kept_as_silence(estate: Estate) -> None:
    number = await estate.done()
    await estate.wang.sees("Is everything to your satisfaction?")
    estate.world.turn(days=1, seconds=1)
    await rested(estate.world)
    kept = await estate.world.desk(lambda desk: desk.session.get_one(SignOff, number))
    assert kept.outcome == "unanswered"


async def test_not_right_comes_back_to_the_same_person_with_the_owners_words(estate: Estate) -> None:
    number = await estate.done()
    question = await estate.wang.sees("Is everything to your satisfaction?")
    await estate.wang.taps(question, "Not quite")
    await estate.wang.sees("What is not right?")
    await estate.group.sees(
        f"#{number + 1} · Villa 8 · Repairs: Anna, #{number} has come back to you: the owner says it is not right yet."
    )
    await estate.chen.sees(f"Return of #{number}")
    await estate.wang.writes("It drips <i>more</i>")
    await estate.group.sees(f"#{number + 1} · Villa 8 · Repairs. The owner has added: It drips <i>more</i>")
    await estate.wang.sends_photo(b"\x89PNG", caption="here")
    await estate.world.telegram.until(lambda: [m for m in estate.group.screen() if m.media])
    await tap(estate.world, estate.anna, f"done:{number + 1}", estate.group)


async def test_the_ledger_asks_twice_then_has_a_person_call(estate: Estate) -> None:
    world = estate.world
    number = await estate.done()
    world.turn(days=2)
    await estate.wang.sees("Is everything still working well?")
    world.turn(days=1)
    await world.telegram.until(lambda: sum("still working well?" in m.text for m in estate.wang.screen()) == 2)
    await estate.chen.writes("/followups")
    await estate.chen.sees("1 follow-up is due")
    world.turn(days=1)
    await estate.group.sees("please speak to Mr Wang")
    await tap(world, estate.anna, "…:not_reached", estate.group)
    await estate.group.sees("no answer to Anna")
    world.turn(days=1)
    await world.telegram.until(lambda: newest(estate.group, "called:"))
    await tap(world, estate.anna, "…:good", estate.group)
    await estate.group.sees("Anna spoke to the owner")
    await rested(world)  # the time for the owner's word was over days ago, but its timer comes after others
    request = await world.desk(lambda desk: desk.session.get_one(Request, number))
    assert request.closed_at is not None
    kept = await world.desk(lambda desk: [a.outcome for a in desk.session.exec(select(FollowUpAttempt))])
    assert kept == ["asked", "asked", "not_reached", "good"]
    await estate.chen.writes("/followups")
    await estate.chen.sees("No follow-ups are due.")


async def test_a_repair_is_closed_only_with_an_outcome(estate: Estate) -> None:
    number = await estate.done()
    await tap(estate.world, estate.wang, "sign:")
    estate.world.turn(days=2)
    request = await estate.world.desk(lambda desk: desk.session.get_one(Request, number))
    assert request.closed_at is None
    await tap(estate.world, estate.wang, "followup:")
    request = await estate.world.desk(lambda desk: desk.session.get_one(Request, number))
    assert request.closed_at is not None


async def test_the_weekly_sample_goes_to_the_supervisor(estate: Estate) -> None:
    await estate.done()
    estate.world.turn(days=2)
    await tap(estate.world, estate.wang, "followup:")
    estate.world.turn(days=6)
    await estate.chen.sees("Spot check")
    await tap(estate.world, estate.chen, "…:good")
    await estate.chen.sees("Chen spoke to the owner")


async def test_the_roster_decides_who_is_on_duty_and_gaps_are_reported(estate: Estate) -> None:
    await estate.chen.writes("/roster maintenance\nMon-Sun 08:00-20:00 Anna")
    shown = await estate.chen.sees("Duty roster: Maintenance")
    assert "Maintenance: nobody is on duty" in shown.text
    await estate.chen.writes("/duty")
    await estate.chen.sees("Maintenance: Anna")
    estate.world.turn(hours=10)
    await estate.chen.writes("/duty")
    await estate.chen.sees("🔴 Maintenance: nobody on duty")
    await estate.anna.writes("/on")
    await estate.anna.sees("Anna is on duty")
    await estate.chen.writes("/duty")
    await estate.world.telegram.until(lambda: "Maintenance: Anna" in estate.chen.last.text)


@pytest.mark.rows_of_words
@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("Mon-Fri Anna", "I cannot read this line: “Mon-Fri Anna”"),
        ("Mon 25:00-26:00 Anna", "I cannot read this line"),
        ("Xyz 08:00-20:00 Anna", "I cannot read this line"),
        ("Mon 08:00-20:00 Zoe", "There is nobody called “Zoe” on this team"),
    ],
)
async def test_a_roster_that_cannot_be_read_changes_nothing(estate: Estate, lines: str, said: str) -> None:
    await estate.chen.writes(f"/roster maintenance\n{lines}")
    await estate.chen.sees(said)


async def test_the_figures_are_counted_from_the_log(estate: Estate) -> None:
    world = estate.world
    kept = await estate.done()
    missed = await order_repair(world, estate.wang)
    world.turn(minutes=6)
    await tap(world, estate.anna, f"claim:{missed}", estate.group)
    await estate.chen.writes("/promises")
    report = await estate.chen.sees("Claimed in time: 50% (1 of 2)")
    assert f"missed: #{missed}" in report.text
    await world.telegram.until(lambda: [m for m in estate.chen.screen() if m.media])
    await estate.chen.writes("/late")
    late = await estate.chen.sees("1 promise was missed today")
    assert f"#{missed}" in late.text
    assert f"#{kept}" not in late.text


async def test_twenty_random_outcomes_agree_with_a_count_of_the_messages(estate: Estate) -> None:
    import random  # noqa: PLC0415

    world, draw, answered = estate.world, random.Random(7), 0
    for _ in range(20):
        await estate.done()
    world.turn(days=2)
    for _ in range(20):
        question = await world.telegram.until(lambda: newest(estate.wang, "followup:"))
        if draw.random() < 0.5:
            await estate.wang.taps_data(question[0], question[1])
            answered += 1
        else:
            await estate.wang.deletes(question[0])
    await estate.chen.writes("/promises")
    await estate.chen.sees(f"({answered} of 20)")


async def test_an_owners_late_word_replaces_the_silence(estate: Estate) -> None:
    number = await estate.done()
    estate.world.turn(days=1, seconds=1)
    await rested(estate.world)
    await tap(estate.world, estate.wang, "…:good")
    kept = await estate.world.desk(lambda desk: desk.session.get_one(SignOff, number))
    assert kept.outcome == "good"


async def test_after_three_days_off_late_escalations_come_now(estate: Estate) -> None:
    world = estate.world
    number = await order_repair(world, estate.wang, "Flood", kind="flood")
    await estate.group.sees(f"#{number}")
    await world.stop()
    world.turn(days=3)
    await world.start()
    await estate.group.sees("nobody has taken this yet")
    for _ in range(4):
        world.turn(minutes=2)
        await rested(world)
    await estate.chen.sees(" days.")


async def test_the_watchdog_reports_a_standstill(world: World) -> None:
    chen = await world.supervisor("Chen")

    def age(desk: Any) -> None:
        for beat in desk.session.exec(select(Heartbeat)).all():
            beat.at -= timedelta(minutes=30)

    await rested(world)
    await world.desk(age)
    await world.restart()
    await chen.sees("Overdue as a result: nothing")


async def test_events_name_the_step_and_whom_it_told(estate: Estate) -> None:
    number = await order_repair(estate.world, estate.wang)
    estate.world.turn(minutes=5, seconds=1)
    await estate.group.sees("nobody has taken this yet")

    def escalations(desk: Any) -> list[dict[str, Any]]:
        found = desk.session.exec(
            select(RequestEvent).where(RequestEvent.request_id == number, RequestEvent.kind == "escalated")
        )
        return [event.data for event in found]

    assert await estate.world.desk(escalations) == [
        {"promise": "claim", "round": 0, "step": 0, "repeats": 0, "told": [0]}
    ]


async def test_a_gap_ahead_is_reported_in_the_morning(estate: Estate) -> None:
    await estate.chen.writes("/roster maintenance\nMon-Sun 08:00-20:00 Anna")
    shown = await estate.chen.sees("Duty roster: Maintenance")
    estate.world.turn(hours=21, seconds=1)
    await estate.chen.sees("Maintenance: nobody is on duty at these working times", after=shown)


async def test_a_check_call_that_is_not_good_opens_it_again(estate: Estate) -> None:
    number = await estate.done()
    estate.world.turn(days=2)
    await tap(estate.world, estate.wang, "followup:")
    estate.world.turn(days=6)
    await tap(estate.world, estate.chen, "…:not_good")
    await estate.group.sees(f"Return of #{number}")


async def test_saying_no_to_both_questions_brings_it_back_once(estate: Estate) -> None:
    number = await estate.done()
    estate.world.turn(days=2)
    await tap(estate.world, estate.wang, "…:no")
    await estate.group.sees(f"Return of #{number}")
    await tap(estate.world, estate.wang, "…:not_right")
    await rested(estate.world)
    assert await estate.world.desk(lambda desk: len(desk.session.exec(select(Request)).all())) == 2


async def test_an_undeliverable_step_brings_the_next_at_once(estate: Estate) -> None:
    world = estate.world
    await order_repair(world, estate.wang)
    await estate.chen.deactivates()
    world.turn(minutes=5, seconds=1)
    await estate.group.sees("nobody has taken this yet")
    world.turn(minutes=5)
    await estate.lin.sees("Nobody has taken this request")


async def test_an_urgent_card_rings_at_night_and_a_minor_one_does_not(world: World) -> None:
    world.clock.turn_to(world.clock.now().replace(hour=15))
    estate = await Estate.of(world)
    await order_repair(world, estate.wang)
    minor = await world.telegram.until(lambda: newest(estate.group, "claim:"))
    await order_repair(world, estate.wang, "Gas", kind="gas")
    urgent = await world.telegram.until(lambda: _another(estate.group, minor[1]))
    silent = {
        call.result["message_id"]: call.params.get("disable_notification", False)
        for call in world.telegram.requests_of("sendMessage")
        if call.chat_id == estate.group.id and isinstance(call.result, dict)
    }
    assert str(silent[minor[0].id]).lower() == "true"
    assert not silent[urgent[0].id]


def _another(group: Group, data: str) -> tuple[Any, str] | None:
    found = newest(group, "claim:")
    return found if found and found[1] != data else None
