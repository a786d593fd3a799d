"""The contents of the evening's and the morning's list: all unfinished requests, by what they need."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from concierge_bot.desk.context import Desk
from concierge_bot.desk.fulfilment import follow_up_log
from concierge_bot.desk.requests import promises, repository, windows
from concierge_bot.desk.requests.promises import Promise
from storage.tables.requests import Request, RequestState


class Section(IntEnum):
    """The reason for an entry, the most pressing first."""

    LATE = 1
    UNCLAIMED = 2
    CALL = 3
    """The owner is to be called: is the repair still good?"""
    DUE = 4
    """Due, or agreed for a time, by the end of the day that the list looks ahead to."""
    IN_HAND = 5
    """Claimed, without a time."""
    LATER = 6
    """Agreed for a later day."""


@dataclass(frozen=True)
class Entry:
    """A request in a list."""

    section: Section
    moment: datetime
    """The moment by which a section is ordered."""
    request: Request


def of_teams(desk: Desk, estate_id: int, teams: Collection[str], until: datetime) -> list[Entry]:
    """Returns all unfinished requests of some teams of an estate, and the calls that they are to make.

    Requests of a team that is not in the catalogue any more go to the first one.
    """
    found = [_entry(desk, request, until) for request in repository.unfinished(desk, estate_id)]
    found += [
        Entry(Section.CALL, follow_up.due_at, request) for follow_up, request in follow_up_log.to_call(desk, estate_id)
    ]
    mine = [entry for entry in found if _team_of(desk, entry.request) in teams]
    return sorted(mine, key=lambda entry: (entry.section, entry.moment, entry.request.id))


def _team_of(desk: Desk, request: Request) -> str:
    teams = desk.catalogue_of(request.estate_id).teams
    return request.team if request.team in teams else next(iter(teams))


def _entry(desk: Desk, request: Request, until: datetime) -> Entry:
    if request.state == RequestState.OPEN:
        return Entry(Section.UNCLAIMED, request.open_since, request)
    late = promises.overdue(request, desk.now)
    if late:
        return Entry(Section.LATE, late[0][1], request)
    window = windows.of_request(desk, request)
    dues = [
        by for promise in Promise if promises.is_pending(request, promise) and (by := promises.due(request, promise))
    ]
    planned = [*dues, *((window.starts,) if window else ())]
    if planned and min(planned) < until:
        return Entry(Section.DUE, min(planned), request)
    if window is not None:
        return Entry(Section.LATER, window.starts, request)
    return Entry(Section.IN_HAND, request.claimed_at or request.created_at, request)
