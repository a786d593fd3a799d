"""Rules that the program kept, and that it could have lost without anybody's noticing."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from markupsafe import Markup
from sqlalchemy import update
from sqlmodel import col, select

from concierge_bot.desk.context import Desk
from concierge_bot.desk.ordering import choosing
from concierge_bot.desk.people import duty, invites, refusals, staff
from concierge_bot.desk.queues import outbox
from concierge_bot.desk.queues.policies import ALWAYS
from concierge_bot.screens import Screen
from storage.tables.people import Person as Known
from storage.tables.people import Shift
from storage.tables.queues import OutboxMessage, OutboxState, Urgency
from storage.tables.refusals import Refusal
from tests.support.appointing import claimed_shoes, request, settled_in, texts, turn_to
from tests.support.cast import chooses, on_stage, rested, until_it_says
from tests.support.hearing import SHANGHAI
from tests.support.world import CATALOGUE, World, newest, order_repair, tap

SUNDAY, MONDAY, TUESDAY = (date(2026, 6, day) for day in (14, 15, 16))


def _shift(weekday: int, starts: int, ends: int) -> Shift:
    return Shift(estate_id=1, team="maintenance", person_id=7, weekday=weekday, starts=time(starts), ends=time(ends))


@pytest.mark.parametrize(
    ("shift", "day", "expected"),
    [
        (_shift(0, 8, 16), MONDAY, [(0, 8)]),
        (_shift(0, 8, 16), SUNDAY, []),
        (_shift(0, 8, 16), TUESDAY, [(-24, -16)]),  # yesterday's may still last
        (_shift(0, 22, 6), MONDAY, [(14, 22)]),
        (_shift(0, 22, 6), TUESDAY, [(-10, -2)]),
    ],
)
def test_a_shift_is_on_its_weekday_and_runs_into_the_next(
    shift: Shift, day: date, expected: list[tuple[int, int]]
) -> None:
    eight = datetime(day.year, day.month, day.day, 8, tzinfo=SHANGHAI).astimezone(UTC)
    found = duty.spans([shift], day, 1, SHANGHAI)
    assert [
        ((one.starts - eight).total_seconds() / 3600, (one.ends - eight).total_seconds() / 3600) for one in found
    ] == expected


async def test_where_no_time_was_agreed_nobody_puts_it_off(world: World) -> None:
    """A tap that is no card's button any more would give an alarm a quarter of an hour without a word to anybody."""
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang, kind="gas")
    await tap(world, cast.anna, f"claim:{number}", cast.maintenance)
    card = await cast.maintenance.sees("Taken by Anna")
    before = (await request(world, number)).arrive_by
    answer = await cast.anna.taps_data(card, f"delay:{number}")
    assert (answer.text, answer.alert) == ("No time was agreed for this request.", True)
    assert (await request(world, number)).arrive_by == before


async def test_what_the_owner_cancelled_is_given_to_nobody(world: World) -> None:
    cast = await on_stage(world)
    await cast.anna.writes("/duty", chat=cast.maintenance)
    number = await order_repair(world, cast.wang)
    for _ in range(2):
        world.turn(minutes=5, seconds=1)
        await rested(world)
    alarm = await cast.chen.sees("Nobody has taken this request yet")
    await tap(world, cast.wang, f"cancel:{number}")
    await tap(world, cast.wang, f"cancelsure:{number}")
    await rested(world)
    answer = await cast.chen.taps_data(alarm, f"assign:{number}")
    assert answer.text == f"The owner cancelled #{number}, 12:10."
    assert "Who should take this?" not in alarm.text


async def test_who_leads_one_team_leads_no_other_that_they_work_on(world: World) -> None:
    cast = await settled_in(world)
    await cast.anna.writes("/duty", chat=cast.maintenance)
    await cast.maintenance.sees("Maintenance: Anna")
    await cast.butlers.add(cast.anna)
    await rested(world)
    await cast.chen.writes("/lead Anna", chat=cast.maintenance)
    await cast.maintenance.sees("Anna leads this team now.")
    leads = {
        team: [person.telegram_id for person in await world.desk(lambda desk, team=team: staff.leads(desk, 1, team))]
        for team in ("maintenance", "butlers")
    }
    assert leads == {"maintenance": [cast.anna.id], "butlers": []}


async def test_who_works_on_two_teams_is_on_duty_on_the_second_when_they_say_so_there(world: World) -> None:
    """They were in its group before the bot was: they read that they are on duty, and no alarm rang them."""
    cast = await on_stage(world)
    await cast.butlers.add(cast.anna)
    await rested(world)
    await cast.anna.starts()
    await cast.anna.sees("Requests appear in the staff chat")
    await cast.anna.writes("/on", chat=cast.maintenance)
    await cast.maintenance.sees("Anna is on duty.")
    number = await order_repair(world, cast.wang, kind="gas")
    await cast.anna.sees(f"#{number} · Villa 8 · Repairs")


async def test_what_somebody_has_stands_once_in_their_list(world: World) -> None:
    cast = await settled_in(world)
    number = await claimed_shoes(cast)
    await cast.bo.writes("/my")
    mine = await cast.bo.sees("You have 1 request in hand")
    assert mine.text.count(f"#{number} ·") == 1
    assert "In hand\n" not in mine.text


async def test_an_announcement_for_one_villa_names_no_other(world: World) -> None:
    cast = await on_stage(world)
    await world.owner("Smith", villa="9")
    await cast.chen.writes("/announce")
    await chooses(cast.chen, "Who should receive it?", "Owners of selected villas…")
    await cast.chen.sees("Which villas?")
    await cast.chen.writes("9")
    asked = await cast.chen.sees("please send me the text")
    assert "Owners of villa 9\n" in f"{asked.text}\n"


async def test_what_was_passed_on_is_passed_on_once(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    await cast.wang.writes("Please come at 3")
    found = await world.telegram.until(lambda: newest(cast.wang, "passon:"))
    for _ in range(2):
        await cast.wang.taps_data(*found)
    await until_it_says(world, found[0], "That page is no longer current. How may we be of service?")
    await rested(world)
    assert len(texts(cast.maintenance, f"#{number} · Villa 8 · Repairs. The owner has added: Please come at 3")) == 1


async def test_refused_often_is_who_was_refused_often_lately(world: World) -> None:
    """Looks at what `concierge doctor` says: an old quarrel is not news for as long as it is kept."""

    def look(desk: Desk) -> list[tuple[int, int]]:
        for account, count, ago in ((1, 12, 30), (2, 9, 1), (3, 10, 1), (4, 11, 1)):
            at = desk.now - timedelta(hours=ago)
            desk.session.add_all(Refusal(at=at, chat_id=account, telegram_id=account, action="x") for _ in range(count))
        desk.session.flush()
        return refusals.often_refused(desk, desk.now - timedelta(days=1))

    assert await world.desk(look) == [(4, 11), (3, 10)]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("not urgent", "minor"),
        ("It is urgent", "urgent"),
        ("It is not urgent, it can wait", "minor"),
        ("Not urgent. No, it is urgent!", None),
    ],
)
def test_urgent_is_part_of_not_urgent(written: str, meant: str | None) -> None:
    question = next(question for question in CATALOGUE.services["repair"].questions if question.key == "urgency")
    assert choosing._by_phrases(question, written) == meant


async def test_only_what_is_for_them_follows_an_owner_to_a_new_account(world: World) -> None:
    cast = await on_stage(world)
    before = await world.owner("Li", villa="9", title="ms")
    waiting = {cast.wang.id: "This is for Mr Wang", before.id: "For Ms Li"}

    def leave_for_later(desk: Desk) -> str:
        for chat_id, said in waiting.items():
            outbox.say(desk, chat_id, Screen(Markup(said)), Urgency.OWNER, policy=ALWAYS)
        later = {"not_before": desk.now + timedelta(hours=1)}
        desk.session.exec(update(OutboxMessage).where(col(OutboxMessage.state) == OutboxState.WAITING).values(**later))
        li = desk.session.exec(select(Known).where(Known.telegram_id == before.id)).one()
        return invites.invite(desk, li)[0]

    again = world.telegram.person("Li Na")
    await again.starts(await world.desk(leave_for_later))
    await world.chooses_language(again, "en")
    world.turn(hours=1, seconds=1)
    await again.sees("For Ms Li")
    await cast.wang.sees("This is for Mr Wang")
    assert texts(again, "This is for Mr Wang") == []


async def test_what_an_owner_adds_is_read_once_by_whoever_has_it(world: World) -> None:
    cast = await settled_in(world)
    number = await claimed_shoes(cast)
    await cast.wang.writes("The brown ones, please", reply_to=await cast.wang.sees(f"#{number} · Shoe shine"))
    await cast.butlers.sees("The owner has added: The brown ones, please")
    await rested(world)
    assert texts(cast.bo, "The brown ones, please") == []


async def test_in_the_morning_today_is_called_today(world: World) -> None:
    cast = await settled_in(world)
    number = await claimed_shoes(cast, "Tomorrow", "10:00–12:00")
    await turn_to(world, 7, 1, days=1)
    lines = (await cast.butlers.sees("The day ahead")).text.splitlines()
    assert lines[2] == "🗓 Promised for today"
    assert lines[3].startswith(f"#{number} · Villa 8 · Shoe shine: 10:00–12:00")
