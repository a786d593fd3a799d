"""Birthday greetings, looks at the roster and check calls have an hour each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from sqlmodel import Session, select

from concierge_bot.catalogue.model import Catalogue
from concierge_bot.desk.aftercare import call_tasks
from concierge_bot.desk.capabilities import CAPABILITIES
from concierge_bot.desk.context import Desk
from concierge_bot.desk.operations import estates
from concierge_bot.desk.people import birthdays, rosters
from storage.engine.unit import Storage
from storage.tables.queues import Timer
from tests.support.databases import make_schema, sqlite_url
from tests.support.world import CATALOGUE

NOON = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)
"""A Monday noon in Shanghai, eight hours ahead of UTC."""


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    url = sqlite_url(tmp_path)
    make_schema(url)
    storage = Storage(url)
    with storage.unit() as found:
        yield found
    storage.close()


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ({}, {"birthdays": 1, "roster": 1, "check_calls": 1}),
        ({"roster_hour": time(6), "check_call_hour": time(14)}, {"birthdays": 1, "roster": 22, "check_calls": 6}),
    ],
)
def test_each_has_its_hour(session: Session, hours: dict[str, time], expected: dict[str, int]) -> None:
    catalogue = _with_rules(hours)
    desk = Desk(session, NOON, catalogue, capabilities=replace(CAPABILITIES, listed=()))
    estate = estates.ensure_first(desk)
    for plan in (birthdays.plan, rosters.plan, call_tasks.plan):
        plan(desk, estate, NOON)
    timers = session.exec(select(Timer).where(Timer.kind != "cleaning")).all()
    assert {timer.kind: timer.due_at.hour for timer in timers} == expected


def _with_rules(hours: dict[str, time]) -> Catalogue:
    """The shipped catalogue with other hours."""
    return CATALOGUE.model_copy(update={"rules": CATALOGUE.rules.model_copy(update=hours)})
