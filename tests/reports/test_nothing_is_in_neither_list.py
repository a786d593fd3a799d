"""Nothing is in neither list.

Whatever happens in whatever order: what is not done is in the evening's list, or agreed for later, and in the
morning's list of its team; and so is each follow-up that waits for a call.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from concierge_bot.desk.aftercare import call_tasks
from concierge_bot.desk.context import Desk
from concierge_bot.desk.fulfilment import follow_up_log
from concierge_bot.desk.fulfilment.placing import place
from concierge_bot.desk.reports.daily_summaries import of_evening, of_morning
from concierge_bot.desk.requests import windows
from concierge_bot.desk.requests.promises import Promise, due
from storage.engine.unit import Storage
from storage.tables.people import Estate as EstateRow
from storage.tables.people import Person
from storage.tables.requests import UNFINISHED, Request
from storage.tables.rows import row_id
from tests.fulfilment.test_promises_hold import CATALOGUE, OWNER, Estate
from tests.support.databases import make_schema

TEAMS = tuple(CATALOGUE.teams)
DAYS = st.sampled_from([None, 0, 1, 2, 5])
WINDOWS = st.sampled_from([None, ("08:00:00", "10:00:00"), ("18:00:00", "20:00:00")])
DEEDS = st.one_of(
    st.tuples(st.just("order"), st.sampled_from(["repair", "shoe_shine"]), st.tuples(DAYS, WINDOWS)),
    st.tuples(st.sampled_from(["claim", "on_site", "done", "release"]), st.integers(0, 5), st.none()),
    st.tuples(st.just("turn"), st.sampled_from([7, 240, 1_500, 5_000]), st.none()),
    st.tuples(st.just("call"), st.integers(0, 5), st.none()),
    st.tuples(st.just("rename"), st.integers(0, 5), st.none()),
)


def _order(estate: Estate, service: str, wish: tuple[int | None, tuple[str, str] | None]) -> None:
    with estate.desk() as desk:
        owner = desk.session.exec(select(Person).where(Person.telegram_id == OWNER)).one()
        day, hours = wish
        when: dict[str, Any] = {"soon": True}
        if day is not None:
            when = {"day": (desk.today(owner.estate_id) + timedelta(days=day)).isoformat()}
            when |= {"from": hours[0], "to": hours[1]} if hours else {}
        answers = {"kind": {"choice": "water"}, "what": {"text": "?"}, "when": when}
        place(desk, owner, service, answers, draft_id=None)


def _change(estate: Estate, deed: str, index: int) -> None:
    """A follow-up is given to the team to call about, or the team of a request leaves the catalogue."""
    with estate.desk() as desk:
        found = desk.session.exec(select(Request).order_by(col(Request.id))).all()
        if not found:
            return
        request = found[index % len(found)]
        if deed == "rename":
            request.team = "gone"
            desk.session.add(request)
        elif (owed := follow_up_log.of_request(desk, row_id(request))) is not None and owed.answered_at is None:
            call_tasks.ask_team(desk, request)


def _assert_that_nothing_is_forgotten(desk: Desk) -> None:
    estate = desk.session.exec(select(EstateRow)).one()
    unfinished = desk.session.exec(select(Request).where(col(Request.state).in_(UNFINISHED))).all()
    to_call = {request.id for _, request in follow_up_log.to_call(desk, row_id(estate))}
    evening = {entry.request.id for team in TEAMS for entry in of_evening(desk, estate, [team])}
    morning = [entry.request.id for team in TEAMS for entry in of_morning(desk, estate, [team])]
    end_of_tomorrow = datetime.combine(
        desk.today(row_id(estate)) + timedelta(days=2), datetime.min.time(), desk.zone(row_id(estate))
    )
    for request in unfinished:
        assert request.id in morning
        window = windows.of_request(desk, request)
        dues = [by for promise in Promise if (by := due(request, promise)) and promise is not Promise.CLAIM]
        is_planned = request.claimed_by and window is not None and min([window.starts, *dues]) >= end_of_tomorrow
        assert request.id in evening or is_planned
    assert to_call <= evening
    assert to_call <= set(morning)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(DEEDS, min_size=1, max_size=12))
def test_nothing_is_in_neither_list(deeds: list[tuple[str, Any, Any]]) -> None:
    with TemporaryDirectory() as folder:
        database_url = f"sqlite:///{Path(folder) / 'concierge.db'}"
        make_schema(database_url)
        storage = Storage(database_url)
        estate = Estate(storage)
        for deed, argument, wish in deeds:
            match deed:
                case "order":
                    _order(estate, argument, wish)
                case "turn":
                    estate.now += timedelta(minutes=argument)
                    estate.work_off()
                case "call" | "rename":
                    _change(estate, deed, argument)
                case _:
                    estate.tap(deed, argument)
            with estate.desk() as desk:
                _assert_that_nothing_is_forgotten(desk)
        storage.close()
