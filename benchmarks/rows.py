"""Many rows at once, for estates with a past."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert
from sqlmodel import SQLModel

from storage.engine.unit import Storage
from storage.tables.queues import Card
from storage.tables.requests import Draft, Request, RequestEvent, RequestState

AT_ONCE = 10_000
DAYS = 1000
"""Over how many days the past is spread."""
OPEN = 50
"""How many requests are unfinished, however many are kept."""
CHAINS = {promise: [{"tell": "team", "after": 0.0, "repeat": None, "until": "seen"}] for promise in ("claim", "done")}

Rows = Iterable[dict[str, Any]]


def fill(storage: Storage, table: type[SQLModel], rows: Rows) -> None:
    """Inserts rows, some thousands in a transaction."""
    left = iter(rows)
    while some := list(islice(left, AT_ONCE)):
        with storage.unit() as session:
            session.connection().execute(insert(table), some)


def past(storage: Storage, estate_id: int, villa_id: int, owners: list[int], butler: int, count: int) -> None:
    """Inserts so many requests of the last years with all their rows; the newest few are still open."""
    now = datetime.now(UTC)
    made = [now - timedelta(days=DAYS) * ((count - number) / count) for number in range(count)]

    def each() -> Iterator[tuple[int, int, datetime, bool]]:
        for number, at in enumerate(made):
            yield number + 1, owners[number % len(owners)], at, number >= count - OPEN

    fill(storage, Draft, (_draft(*facts) for facts in each()))
    fill(storage, Request, (_request(*facts, estate_id, villa_id, butler) for facts in each()))
    fill(storage, RequestEvent, (event for facts in each() for event in _events(*facts, butler)))
    fill(storage, Card, ({"request_id": number, "reader": "owner", "chat_id": owner} for number, owner, *_ in each()))
    with storage.unit() as session:
        session.connection().exec_driver_sql("ANALYZE")


def _draft(number: int, owner: int, at: datetime, _is_open: bool) -> dict[str, Any]:
    return {"id": number, "person_id": owner, "service": "enquiry", "step": 1, "started_at": at, "closed_at": at}


def _request(
    number: int, owner: int, at: datetime, is_open: bool, estate_id: int, villa_id: int, butler: int
) -> dict[str, Any]:
    return {
        "id": number,
        "estate_id": estate_id,
        "villa_id": villa_id,
        "person_id": owner,
        "draft_id": number,
        "service": "enquiry",
        "team": "butlers",
        "state": RequestState.OPEN if is_open else RequestState.DONE,
        "answers": {"what": {"text": f"wish {number}"}},
        "claim_by": at + timedelta(minutes=10),
        "done_by": at + timedelta(hours=4),
        "chains": CHAINS,
        "created_at": at,
        "open_since": at,
        "claimed_by": None if is_open else butler,
        "claimed_at": None if is_open else at + timedelta(minutes=5),
        "done_at": None if is_open else at + timedelta(hours=1),
        "closed_at": None if is_open else at + timedelta(hours=1),
    }


def _events(number: int, owner: int, at: datetime, is_open: bool, butler: int) -> Iterator[dict[str, Any]]:
    promised = {"urgent": False, "claim_by": (at + timedelta(minutes=10)).isoformat()}
    promised["done_by"] = (at + timedelta(hours=4)).isoformat()
    yield {"request_id": number, "kind": "sent", "actor_id": owner, "at": at, "data": promised}
    if is_open:
        return
    late = timedelta(minutes=15 if number % 20 == 0 else 5)
    for kind, after in (("claimed", late), ("on_site", timedelta(minutes=40)), ("done", timedelta(hours=1))):
        yield {"request_id": number, "kind": kind, "actor_id": butler, "at": at + after, "data": {}}
