"""What capabilities contribute, and that no two are mistaken for each other."""

from __future__ import annotations

import pytest

from concierge_bot.desk.capability import Capabilities, Capability, Swept, TimerDefinition


def test_two_capabilities_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two capabilities are called money"):
        Capabilities((Capability("money"), Capability("money")))


def test_two_timers_of_one_kind_are_refused() -> None:
    timer = TimerDefinition("remind", lambda _desk, _timer: None, "A reminder")
    with pytest.raises(ValueError, match="two kinds of timers are called remind"):
        Capabilities((Capability("money", timers=(timer,)), Capability("custody", timers=(timer,))))


def test_two_that_see_to_the_same_undelivered_message_are_refused() -> None:
    capability = Capability("money", undelivered=(("invoice", lambda _desk, _row: None),))
    other = Capability("custody", undelivered=capability.undelivered)
    with pytest.raises(ValueError, match="two readers are called invoice"):
        Capabilities((capability, other))


def test_timers_are_told_apart_by_when_they_are_over() -> None:
    once = TimerDefinition("remind", lambda _desk, _timer: None, "A reminder")
    later = TimerDefinition("overdue", lambda _desk, _timer: None, "It is overdue", Swept.WITH_ITS_REQUEST)
    known = Capabilities((Capability("money", timers=(once, later)),))
    assert known.kinds(Swept.ONCE_FIRED) == {"remind"}
    assert known.kinds(Swept.WITH_ITS_REQUEST) == {"overdue"}
    assert known.kinds(Swept.WITH_ITS_ANNOUNCEMENT) == frozenset()
