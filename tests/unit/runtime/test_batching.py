"""A crowd is many chats at the same time, never one or two, however fast they are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from concierge_bot.runtime.intake.batching import LATELY, MANY, Burst

COMINGS = st.lists(st.tuples(st.floats(0, LATELY / 2), st.sets(st.integers(1, 6))), max_size=40)


@given(COMINGS)
def test_it_is_a_crowd_while_many_chats_came_lately(comings: list[tuple[float, set[int]]]) -> None:
    crowd, now, log = Burst(), 0.0, list[tuple[float, int]]()
    for later, chats in comings:
        now += later
        crowd.came(chats, now)
        log += [(now, chat) for chat in chats]
        lately = {chat for at, chat in log if at > now - LATELY}
        assert crowd.is_there(now) == (len(lately) >= MANY)


def test_two_are_no_crowd_however_fast_they_are() -> None:
    crowd = Burst()
    for number in range(1000):
        crowd.came([number % (MANY - 1)], number / 1000)
        assert not crowd.is_there(number / 1000)


def test_a_crowd_is_forgotten() -> None:
    crowd = Burst()
    crowd.came(range(100), 0.0)
    assert crowd.is_there(LATELY / 2)
    assert not crowd.is_there(LATELY)
