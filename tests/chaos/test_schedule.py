"""A schedule follows from its seed alone, and has everything that a storm is to have."""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st

from concierge_bot.playground import FaultKind
from tests.chaos.schedule import (
    LEAST_KILLS,
    STRIKE_KINDS,
    Act,
    Counted,
    Deed,
    Event,
    Kill,
    Migration,
    Redelivery,
    Role,
    Schedule,
    Strike,
    Turn,
    Who,
    schedule,
)
from tests.runtime.process import ROOT

seeds = st.integers(0, 10**9)
sizes = st.integers(LEAST_KILLS, 24)
processes = st.sampled_from([1, 6])


def _of(kind: type[Event], found: Schedule) -> list[Event]:
    return [event for event in found.events if isinstance(event, kind)]


@settings(max_examples=15)
@given(seeds, sizes, processes)
def test_the_same_seed_makes_the_same_schedule(seed: int, kills: int, number: int) -> None:
    first, second = (schedule(seed, kills=kills, processes=number) for _ in range(2))
    assert first == second
    assert first.fingerprint == second.fingerprint


def test_another_process_makes_the_same_schedule() -> None:
    """Whose sets and hashes of texts are in another order."""
    made = "from tests.chaos.schedule import schedule; print(schedule(17, kills=40, processes=6).fingerprint)"
    printed = {
        subprocess.run(
            [sys.executable, "-c", made], check=True, capture_output=True, cwd=ROOT, env={"PYTHONHASHSEED": number}
        ).stdout.decode()
        for number in ("1", "2")
    }
    assert printed == {schedule(17, kills=40, processes=6).fingerprint + "\n"}


@settings(max_examples=15)
@given(st.lists(seeds, min_size=2, max_size=6, unique=True), sizes, processes)
def test_different_seeds_make_different_schedules(several: list[int], kills: int, number: int) -> None:
    made = {schedule(seed, kills=kills, processes=number).events for seed in several}
    assert len(made) == len(several)


@settings(max_examples=15)
@given(seeds, sizes, processes)
def test_every_kind_of_event_occurs(seed: int, kills: int, number: int) -> None:
    found = schedule(seed, kills=kills, processes=number)
    assert {type(event) for event in found.events} == {Act, Strike, Redelivery, Migration, Turn, Kill}
    assert {event.deed for event in found.events if isinstance(event, Act)} == set(Deed)
    struck = {event.kind for event in found.events if isinstance(event, Strike)}
    assert struck == set(STRIKE_KINDS) == set(FaultKind) - {FaultKind.FORBIDDEN}  # which would be no passing trouble
    killed = [process for event in found.events if isinstance(event, Kill) for process in event.processes]
    assert len(killed) >= kills
    assert len(_of(Migration, found)) == 1


def test_a_longer_storm_kills_each_process_after_calls_and_after_updates() -> None:
    kills = [event for event in schedule(1, kills=60, processes=6).events if isinstance(event, Kill)]
    assert {process for kill in kills for process in kill.processes} == set(range(6))
    assert {kill.counted for kill in kills} == set(Counted)
    assert {len(kill.processes) for kill in kills} == {1, 2}
    assert all(len(set(kill.processes)) == len(kill.processes) for kill in kills)


@settings(max_examples=15)
@given(seeds, sizes)
def test_people_do_only_what_they_can(seed: int, kills: int) -> None:
    sent, blocked = set[Who](), set[Who]()
    for act in (event for event in schedule(seed, kills=kills, processes=1).events if isinstance(event, Act)):
        assert (act.deed is Deed.SEND) == (act.who.role is Role.OWNER and act.who not in sent)
        assert (act.deed is Deed.UNBLOCK) == (act.who in blocked)
        assert act.together_with != act.who
        if act.deed is Deed.SEND:
            sent.add(act.who)
        elif act.deed is Deed.BLOCK:
            blocked.add(act.who)
        elif act.deed is Deed.UNBLOCK:
            blocked.remove(act.who)


def test_what_others_do_shifts_nobodys_draws() -> None:
    """A longer storm has more people, who act at other moments; each of them draws as before."""
    of: list[dict[Who, list[object]]] = [defaultdict(list), defaultdict(list)]
    for found, kills in zip(of, (20, 21), strict=True):
        for event in schedule(3, kills=kills, processes=1).events:
            if isinstance(event, Act):
                found[event.who].append(event.draws)
    shorter, longer = of
    both = shorter.keys() & longer.keys()
    assert len(both) > 20
    for who in both:
        least = min(len(shorter[who]), len(longer[who]))
        assert shorter[who][:least] == longer[who][:least]


@settings(max_examples=15)
@given(seeds, sizes, processes)
def test_steps_follow_each_other_and_each_ends_with_a_kill(seed: int, kills: int, number: int) -> None:
    events = schedule(seed, kills=kills, processes=number).events
    assert [event.step for event in events] == sorted(event.step for event in events)
    last = {event.step: event for event in events}
    assert list(last.values()) == [event for event in events if isinstance(event, Kill)]
