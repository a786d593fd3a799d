"""What stays is out of the garbage collector's sight, and only that."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from concierge_bot.gc_tuning import YOUNG, lasting


class Knot:
    """Holds itself, so that only the collector can let go of it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    usual = gc.get_threshold()
    yield
    gc.set_threshold(*usual)
    gc.unfreeze()


def _full_rounds() -> int:
    return int(gc.get_stats()[2]["collections"])


def test_garbage_that_is_young_is_looked_for_less_often_from_then_on() -> None:
    with lasting():
        pass
    rounds = gc.get_stats()[0]["collections"]
    kept = [[number] for number in range(YOUNG // 2)]
    assert gc.get_stats()[0]["collections"] - rounds <= 1
    assert kept


def test_what_is_made_stays_out_of_sight_and_what_comes_later_does_not() -> None:
    gc.collect()  # so that no round is due just now
    (_, *older), before = gc.get_threshold(), gc.get_freeze_count()
    with lasting():
        lasts = weakref.ref(Knot())
    later = weakref.ref(Knot())
    assert gc.get_freeze_count() > before
    assert list(gc.get_threshold()) == [YOUNG, *older]
    gc.collect()
    assert lasts() is not None
    assert later() is None


def test_meanwhile_only_young_garbage_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("concierge_bot.gc_tuning.YOUNG", 10)
    gc.set_threshold(10, 2, 2)
    with lasting():
        before = _full_rounds()
        garbage = weakref.ref(Knot())
        kept = [[number] for number in range(10_000)]
        assert _full_rounds() == before
        assert garbage() is None
    assert kept


def test_a_start_that_fails_leaves_old_garbage_to_be_looked_for() -> None:
    (_, *older), before = gc.get_threshold(), gc.get_freeze_count()
    with pytest.raises(LookupError), lasting():
        raise LookupError
    assert list(gc.get_threshold()) == [YOUNG, *older]
    assert gc.get_freeze_count() == before
