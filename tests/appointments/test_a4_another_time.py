"""An appointment could not be moved, by nobody: what was agreed is changed with both sides knowing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from concierge_bot.desk.context import Desk
from concierge_bot.desk.reports import figures
from concierge_bot.desk.reports.figures import Judged, Period, Scope
from concierge_bot.desk.requests.promises import Promise
from storage.tables.requests import RequestEvent
from tests.support.appointing import claimed_shoes, order_shoes, request, settled_in, texts, turn_to, waiting
from tests.support.cast import Cast, rested
from tests.support.looks import rows
from tests.support.world import World, newest, tap


async def _moves(cast: Cast, number: int, day: str = "2026-06-16", window: str = "10:00–12:00") -> str | None:
    """The owner changes the time by taps on their card."""
    await tap(cast.world, cast.wang, f"…move:{number}:")
    await tap(cast.world, cast.wang, f"move:{number}:d{day}")
    shown = await cast.wang.sees("At what time on")
    return (await cast.wang.taps(shown, window)).text


async def _proposes(cast: Cast, number: int, day: str = "2026-06-16", window: str = "10:00–12:00") -> None:
    """Bo proposes another time by taps: from the card in the group he is led into his own chat."""
    answer = await tap(cast.world, cast.bo, f"…propose:{number}:", cast.butlers)
    assert answer.text == "I have written to you in our private chat."
    await tap(cast.world, cast.bo, f"propose:{number}:d{day}")
    shown = await cast.bo.sees("At what time on")
    await cast.bo.taps(shown, window)
    await cast.bo.sees("I have asked the owner about")


async def test_an_owner_moves_it_and_whoever_has_it_learns_the_new_time(world: World) -> None:
    cast = await settled_in(world)
    number = await claimed_shoes(cast)
    assert await _moves(cast, number) == "The time has been changed: Tue 16 Jun, 10:00–12:00."
    await cast.bo.sees(f"#{number} · Villa 8 · Shoe shine: the owner has changed the time to Tue 16 Jun, 10:00–12:00")
    card = await cast.butlers.sees("On site by Tue 16 Jun 12:00")
    assert "10:00–12:00" in card.text
    await cast.wang.sees("The time was changed, 12:00")
    (event,) = await rows(world, RequestEvent, RequestEvent.kind == "rescheduled")
    assert event.data["wish"] == {"day": "2026-06-16", "from": "10:00:00", "to": "12:00:00"}


async def test_the_old_time_rings_nobody_and_the_new_one_does(world: World) -> None:
    cast = await settled_in(world)
    number = await claimed_shoes(cast)
    await _moves(cast, number)
    for hour, minute in ((13, 31), (14, 1), (15, 1), (16, 1), (16, 20), (21, 0)):
        await turn_to(world, hour, minute)
    assert not texts(cast.bo, "the agreed time")
    assert not texts(cast.bo, "Are you on it")
    assert not texts(cast.bo, "was due on site")
    assert not texts(cast.chen, f"#{number}")
    await turn_to(world, 9, 31, days=1)
    await cast.bo.sees("the agreed time with Mr Wang is 10:00–12:00")
    await tap(world, cast.bo, f"onway:{number}")
    await turn_to(world, 12, 1)
    await cast.bo.sees("Bo was due on site by 12:00")


async def test_moved_to_an_earlier_time_it_is_late_from_then_on(world: World) -> None:
    cast = await settled_in(world)
    number = await claimed_shoes(cast, "Tomorrow", "10:00–12:00")
    await _moves(cast, number, "2026-06-15", "14:00–16:00")
    await turn_to(world, 13, 31)
    await cast.bo.sees("the agreed time with Mr Wang is 14:00–16:00")
    await turn_to(world, 16, 1)
    await cast.bo.sees("Bo was due on site by 16:00")
    await _moves(cast, number, "2026-06-16", "10:00–12:00")
    late = len(texts(cast.bo, "was due on site"))
    await turn_to(world, 21, 0)
    assert not texts(cast.chen, "Nobody is on site yet")
    assert len(texts(cast.bo, "was due on site")) == late
    await turn_to(world, 12, 1, days=1)
    await world.telegram.until(lambda: len(texts(cast.bo, "was due on site")) == late + 1)
    await turn_to(world, 12, 7)
    await cast.chen.sees("Nobody is on site yet")


async def test_moved_away_and_back_it_is_reminded_of_all_the_same(world: World) -> None:
    cast = await settled_in(world)
    number = await claimed_shoes(cast)
    await turn_to(world, 13, 31)
    await cast.bo.sees("the agreed time with Mr Wang is 14:00–16:00")
    await _moves(cast, number, "2026-06-15", "18:00–20:00")
    await _moves(cast, number, "2026-06-15", "16:00–18:00")
    await turn_to(world, 15, 31)
    await cast.bo.sees("the agreed time with Mr Wang is 16:00–18:00")
    await turn_to(world, 17, 31)
    assert len(texts(cast.bo, "the agreed time")) == 2


async def test_once_somebody_is_on_site_the_time_stays(world: World) -> None:
    cast = await settled_in(world)
    number = await claimed_shoes(cast)
    await turn_to(world, 14, 10)
    await tap(world, cast.wang, f"…move:{number}:")
    calendar, data = newest(cast.wang, f"move:{number}:d") or (None, "")
    assert calendar is not None
    await tap(world, cast.bo, f"onsite:{number}", cast.butlers)
    await rested(world)
    answer = await cast.wang.taps_data(calendar, data)
    assert answer.text == "The time of this request can no longer be changed."
    assert (await rows(world, RequestEvent, RequestEvent.kind == "rescheduled")) == []


async def test_nobody_is_told_where_nobody_has_it_but_it_is_taken_before_the_new_time(world: World) -> None:
    cast = await settled_in(world)
    number = await order_shoes(cast.wang, "Tomorrow", "10:00–12:00")
    await rested(world)
    told = len(cast.butlers.screen())
    await _moves(cast, number, "2026-06-15", "12:00–14:00")
    await rested(world)
    assert len(cast.butlers.screen()) == told
    assert "12:00–14:00" in (await cast.butlers.sees(f"#{number}")).text
    assert (await request(world, number)).arrive_by == datetime(2026, 6, 15, 6, 0, tzinfo=UTC)


async def test_whoever_has_it_proposes_and_on_the_owners_yes_it_moves(world: World) -> None:
    cast = await settled_in(world)
    number = await claimed_shoes(cast)
    await _proposes(cast, number)
    asked = await cast.wang.sees(
        "Bo would like to come at another time: Tue 16 Jun, 10:00–12:00 instead of 14:00–16:00"
    )
    assert (await request(world, number)).arrive_by == datetime(2026, 6, 15, 8, 0, tzinfo=UTC)
    await cast.wang.taps(asked, "Yes, that suits me")
    await cast.bo.sees("the owner agrees. The time is now Tue 16 Jun, 10:00–12:00")
    await cast.wang.sees("the time for your request #1 (Shoe shine): Tue 16 Jun, 10:00–12:00")
    await cast.butlers.sees("On site by Tue 16 Jun 12:00")
    again = await cast.wang.taps_data(asked, f"proposal:{number}:1:no")
    assert again.text == "This has already been settled."
    await turn_to(world, 16, 5)
    assert not texts(cast.bo, "was due on site")


async def test_on_a_no_it_stays_and_whoever_proposed_hears_it(world: World) -> None:
    cast = await settled_in(world)
    number = await claimed_shoes(cast)
    await _proposes(cast, number)
    await tap(world, cast.wang, f"proposal:{number}:1:no")
    await cast.bo.sees("the owner would like to keep the time, 14:00–16:00")
    await turn_to(world, 13, 31)
    reminder = await cast.bo.sees("the agreed time with Mr Wang is 14:00–16:00")
    assert "has not answered" not in reminder.text


async def test_without_an_answer_it_stays_and_the_reminder_says_so(world: World) -> None:
    cast = await settled_in(world)
    number = await claimed_shoes(cast)
    await _proposes(cast, number)
    await turn_to(world, 13, 31)
    reminder = await cast.bo.sees("the agreed time with Mr Wang is 14:00–16:00")
    assert "The owner has not answered your proposal." in reminder.text
    await tap(world, cast.wang, f"proposal:{number}:1:yes")  # a late yes still counts
    await cast.bo.sees("the owner agrees")


async def test_proposed_within_the_window_the_silence_is_told_before_it_ends(world: World) -> None:
    cast = await settled_in(world)
    number = await claimed_shoes(cast)
    await turn_to(world, 14, 10)
    await _proposes(cast, number)
    await turn_to(world, 14, 39)
    assert not texts(cast.bo, "has not answered")
    await turn_to(world, 14, 41)
    await cast.bo.sees("the time stays as it was, 14:00–16:00")


async def test_a_newer_proposal_takes_the_place_of_the_older_one(world: World) -> None:
    cast = await settled_in(world)
    number = await claimed_shoes(cast)
    await _proposes(cast, number)
    await _proposes(cast, number, "2026-06-17")
    older, _ = await world.telegram.until(lambda: newest(cast.wang, f"proposal:{number}:1:yes"))
    assert (await cast.wang.taps_data(older, f"proposal:{number}:1:yes")).text == "This has already been settled."
    assert (await rows(world, RequestEvent, RequestEvent.kind == "rescheduled")) == []
    await tap(world, cast.wang, f"proposal:{number}:2:yes")
    await cast.bo.sees("The time is now Wed 17 Jun, 10:00–12:00")


async def test_an_owner_who_cannot_be_reached_is_to_be_phoned(world: World) -> None:
    cast = await settled_in(world)
    number = await claimed_shoes(cast)
    await cast.wang.blocks()
    await rested(world)
    answer = await tap(world, cast.bo, f"…propose:{number}:", cast.butlers)
    assert answer.text == "My messages do not reach the owner. Please speak to them in person."
    await tap(world, cast.bo, f"release:{number}", cast.butlers)
    await cast.wang.unblocks()


@pytest.mark.rows_of_words
@pytest.mark.parametrize("number", [0, 2, 999_999_999])
async def test_a_proposal_that_nobody_made_is_no_button(world: World, number: int) -> None:
    cast = await settled_in(world)
    made = await claimed_shoes(cast)
    card, _ = await world.telegram.until(lambda: newest(cast.wang, f"cancel:{made}"))
    answer = await cast.wang.taps_data(card, f"proposal:{made}:{number}:yes")
    assert answer.text == "This button is no longer in use."


async def test_figures_count_the_time_that_was_agreed_on_and_what_was_missed_before_it(world: World) -> None:
    cast = await settled_in(world)
    kept = await claimed_shoes(cast)
    await _moves(cast, kept)
    missed = await claimed_shoes(cast, "Today", "14:00–16:00")
    await turn_to(world, 16, 30)
    await _moves(cast, missed, "2026-06-16", "12:00–14:00")
    await turn_to(world, 11, 0, days=1)
    for number in (kept, missed):
        await tap(world, cast.bo, f"onsite:{number}", cast.butlers)
    await rested(world)

    def judged(desk: Desk) -> list[Judged]:
        period = Period(datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC))
        return figures.judge(desk, Scope(1, period))

    arrived = [one for one in await world.desk(judged) if one.promise is Promise.ARRIVE]
    assert [(one.request_id, one.kept) for one in arrived] == [(kept, True), (missed, False), (missed, True)]


async def test_after_a_move_the_old_timers_are_gone(world: World) -> None:
    cast = await settled_in(world)
    number = await claimed_shoes(cast)
    before = {timer.id for timer in await waiting(world, number)}
    await _moves(cast, number)
    after = await waiting(world, number)
    new = datetime(2026, 6, 16, 0, 0, tzinfo=UTC)
    of_the_claim = [timer for timer in after if timer.data.get("promise") == "claim"]  # which look, and do nothing
    early = [
        (timer.kind, timer.due_at)
        for timer in after
        if timer.id in before and timer not in of_the_claim and timer.due_at < new
    ]
    assert early == []
    assert before != {timer.id for timer in after}
