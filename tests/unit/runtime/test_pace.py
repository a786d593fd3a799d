"""The pace never goes over a limit, and never waits longer than it must."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concierge_bot.desk.queues.outbox import THE_BOT_ITSELF
from concierge_bot.runtime.telegram.rate_limits import (
    KEPT_FROM_BULK,
    MARGIN,
    RESERVED,
    Limit,
    Pace,
    Window,
    bulk_rate,
    limit,
)

SOON = 1e-6

LIMITS = st.builds(Limit, st.integers(1, 12), st.floats(0.5, 60))
STEPS = st.lists(st.tuples(st.floats(0, 20), st.booleans(), st.integers(1, 4)), max_size=60)


@given(LIMITS, STEPS)
def test_no_window_ever_holds_more_than_its_limit(bound: Limit, steps: list[tuple[float, bool, int]]) -> None:
    window, now, sent = Window(bound), 0.0, list[float]()
    for later, urgent, wanted in steps:
        count = min(wanted, bound.count)
        now += later
        now += window.pause(now, urgent=urgent, count=count) + SOON
        if window.pause(now, urgent=urgent, count=count) > 0:  # what is not urgent leaves places free
            assert count > 1
            continue
        window.take(now, count)
        sent += [now] * count
        assert len([moment for moment in sent if moment > now - bound.seconds]) <= bound.count


@given(LIMITS, st.lists(st.tuples(st.floats(0, 5), st.floats(0, 1)), max_size=60))
def test_no_window_holds_more_however_slowly_each_message_travels(
    bound: Limit, calls: list[tuple[float, float]]
) -> None:
    """Each call lasts some time of its own, and Telegram sees its message at any moment of that."""
    window, now, seen = Window(bound), 0.0, list[float]()
    for lasts, share in calls:
        now += window.pause(now, urgent=True) + SOON
        taken = now
        window.take(taken)
        seen.append(taken + lasts * share)
        now += lasts
        window.arrived(taken, now)
    for moment in seen:
        assert len([other for other in seen if moment - bound.seconds < other <= moment]) <= bound.count


@given(LIMITS, st.integers(1, 40))
def test_a_window_that_is_used_is_not_held_longer_than_its_length(bound: Limit, messages: int) -> None:
    window, now = Window(bound), 0.0
    for _ in range(messages):
        pause = window.pause(now, urgent=True)
        assert 0 <= pause <= bound.seconds * (1 + MARGIN) + SOON
        now += pause + SOON
        assert window.pause(now, urgent=True) == 0
        window.take(now)


@given(LIMITS)
def test_places_are_kept_for_what_is_urgent(bound: Limit) -> None:
    window = Window(bound)
    routine = 0
    while window.pause(0, urgent=False) == 0:
        window.take(0)
        routine += 1
    urgent = 0
    while window.pause(0, urgent=True) == 0:
        window.take(0)
        urgent += 1
    assert routine + urgent == bound.count
    assert urgent == (bound.count // RESERVED if bound.count > 1 else 0)


def test_what_is_larger_than_a_window_goes_when_it_is_empty() -> None:
    window = Window(Limit(5, 10))
    assert window.pause(0, urgent=True, count=10) == 0
    window.take(0, 10)
    assert window.pause(0, urgent=True) == pytest.approx(10.2)
    assert window.pause(10.3, urgent=True) == 0


@pytest.mark.parametrize(
    ("rate", "seconds", "expected"),
    [(30, 1, Limit(30, 1)), (1, 1, Limit(1, 1)), (0.5, 1, Limit(1, 2)), (0.1, 60, Limit(1, 600))],
)
def test_a_rate_as_a_limit(rate: float, seconds: float, expected: Limit) -> None:
    assert limit(rate, seconds) == expected


@given(st.floats(0.01, 1000), st.floats(0.1, 60))
def test_a_limit_is_never_faster_than_its_rate(rate: float, seconds: float) -> None:
    found = limit(rate, seconds)
    assert found.count / found.seconds == pytest.approx(rate / seconds)


def _pace() -> Pace:
    return Pace(overall=Limit(1000, 1), group=Limit(20, 60), private=Limit(5, 5))


def test_a_chat_is_no_other_chat() -> None:
    pace = _pace()
    for _ in range(20):
        pace.take(-1, 0)
    assert pace.pause(-1, 0, urgent=True) == pytest.approx(61.2)
    assert pace.pause(-2, 0, urgent=False) == 0
    assert pace.pause(1, 0, urgent=False) == 0
    assert pace.held(0, urgent=True).keys() == {-1}


def test_a_private_chat_has_its_own_limit() -> None:
    pace = _pace()
    for _ in range(5):
        pace.take(1, 0)
    assert pace.pause(1, 0, urgent=True) == pytest.approx(5.1)


def test_what_telegram_holds_is_held_for_the_urgent_as_well() -> None:
    pace = _pace()
    pace.hold(1, 30)
    pace.hold(1, 10)  # an earlier answer does not shorten it
    assert pace.pause(1, 0, urgent=True) == 30
    assert pace.held(0, urgent=True) == {1: 30}
    assert pace.pause(2, 0, urgent=False) == 0
    assert pace.held(31, urgent=True) == {}
    assert pace.pause(1, 31, urgent=True) == 0


def test_chats_that_are_quiet_are_forgotten() -> None:
    pace = _pace()
    for chat_id in range(1, 1000):
        pace.take(chat_id, chat_id * 0.01)
    pace.take(1000, 100)
    assert pace._chats.keys() == {1000}


def test_a_full_chat_is_held_until_its_window_has_room() -> None:
    pace = _pace()
    for _ in range(4):
        pace.take(1, 0)
    assert pace.held(0, urgent=False) == {1: pytest.approx(5.1)}
    assert pace.held(0, urgent=True) == {}
    assert pace.held(6, urgent=False) == {}
    assert pace._full == set()


def test_the_limit_over_all_chats() -> None:
    pace = Pace(overall=Limit(10, 1), group=Limit(20, 60), private=Limit(5, 5))
    for chat_id in range(1, 9):
        pace.take(chat_id, 0)
    assert pace.overall_pause(0, urgent=False) == pytest.approx(1.02)
    assert pace.overall_pause(0, urgent=True) == 0
    assert pace.pause(99, 0, urgent=False) == pytest.approx(1.02)


@given(LIMITS)
def test_an_announcement_leaves_more_places_than_what_is_not_urgent(bound: Limit) -> None:
    window = Window(bound)
    bulk = 0
    while window.pause(0, urgent=False, bulk=True) == 0:
        window.take(0)
        bulk += 1
    assert bulk == max(1, bound.count - bound.count // KEPT_FROM_BULK)
    assert bulk_rate(bound) == pytest.approx(bulk / (bound.seconds * (1 + MARGIN)))
    assert window.free(0) == bound.count - bulk
    assert (window.pause(0, urgent=False) == 0) is (bulk < bound.count - bound.count // RESERVED)


def test_what_is_about_to_go_counts_as_gone() -> None:
    window = Window(Limit(10, 10))
    assert window.pause(0, urgent=True, ahead=9) == 0
    assert window.pause(0, urgent=True, ahead=10) == pytest.approx(10.2)
    window.take(0, 5)
    window.take(3, 3)
    assert window.pause(4, urgent=True, ahead=1) == 0
    assert window.pause(4, urgent=True, ahead=2) == pytest.approx(6.2)
    assert window.pause(4, urgent=True, ahead=7) == pytest.approx(9.2)
    assert window.pause(4, urgent=True, ahead=100) == pytest.approx(10.2)


def test_bulk_keeps_its_share_over_all_chats_and_no_other_in_one() -> None:
    pace = Pace(overall=Limit(30, 1), group=Limit(20, 60), private=Limit(5, 5))
    for chat_id in range(1, 21):
        assert pace.pause(chat_id, 0, urgent=False, bulk=True) == 0
        pace.take(chat_id, 0)
    assert pace.pause(99, 0, urgent=False, bulk=True) == pytest.approx(1.02)
    assert pace.overall_pause(0, urgent=False, bulk=True) == pytest.approx(1.02)
    assert pace.pause(99, 0, urgent=False) == 0
    assert pace.free(0) == 10


def test_calls_about_the_bot_itself_keep_the_limit_over_all_and_no_chats() -> None:
    pace = Pace(Limit(5, 1.0), group=Limit(20, 60.0), private=Limit(1, 1.0))
    pace.take(THE_BOT_ITSELF, 0.0)
    pace.take(7, 0.0)
    assert pace.pause(THE_BOT_ITSELF, 0.0, urgent=False, bulk=True) == 0
    assert pace.pause(7, 0.0, urgent=False) > 0
    for _ in range(3):
        pace.take(THE_BOT_ITSELF, 0.0)
    assert pace.pause(THE_BOT_ITSELF, 0.0, urgent=False, bulk=True) > 0
