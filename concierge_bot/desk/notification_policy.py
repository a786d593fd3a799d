"""The one place that decides when people may be told of something, and whether they hear it.

What is urgent sounds at any time. Nothing else sounds in the quiet hours, outside the hours of the team that it
concerns, or to a member of the staff who is off duty.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from concierge_bot.desk import duty
from concierge_bot.desk.context import Desk
from concierge_bot.opening import Spans, WakingHours, after, next_beginning, stretch_at
from storage.people import Person
from storage.requests import Request

AGAIN_AT_LATEST = timedelta(days=1)
"""After so long a matter is told anew where no further stretch begins."""


@dataclass(frozen=True)
class Policy:
    """Says when one matter may be told of, and whether it sounds then."""

    hours: Spans | None
    """The stretches in which it may be told; None: at any time."""
    zone: ZoneInfo | None = None
    silent: bool = False
    """Whether it never sounds: its reader is off duty, or it may be told at night only."""

    def may_sound(self, moment: datetime) -> bool:
        """Tells whether a message of that moment may sound."""
        return not self.silent and (self.hours is None or self._stretch(moment) is not None)

    def sounds_until(self, moment: datetime) -> datetime | None:
        """Returns until when a message written at that moment may sound; None: whenever it is sent."""
        if self.silent:
            return moment
        if self.hours is None:
            return None
        stretch = self._stretch(moment)
        return stretch[1] if stretch else moment

    def earliest(self, moment: datetime) -> datetime:
        """Returns the moment itself, or when the next stretch begins where it lies in none."""
        return moment if self.hours is None or self._stretch(moment) is not None else self.next_opening(moment)

    def after(self, start: datetime, span: timedelta) -> datetime:
        """Returns the moment at which so much time has passed, counted in the stretches only."""
        return start + span if self.zone is None else after(start, span, self.hours, self.zone)

    def next_opening(self, moment: datetime) -> datetime:
        """Returns when the next stretch begins, a day later at the latest where no further one does."""
        if self.hours is None or self.zone is None:
            return moment + AGAIN_AT_LATEST
        return next_beginning(moment, self.hours, self.zone) or moment + AGAIN_AT_LATEST

    def in_this_stretch(self, moment: datetime, later: datetime) -> bool:
        """Tells whether two moments lie in one stretch."""
        stretch = self._stretch(moment)
        return self.hours is None or (stretch is not None and later < stretch[1])

    def _stretch(self, moment: datetime) -> tuple[datetime, datetime] | None:
        if self.hours is None or self.zone is None:
            return None
        return stretch_at(moment, self.hours, self.zone)


SILENT = Policy(None, silent=True)
"""For lists, which are read when somebody has the time."""
ALWAYS = Policy(None)
"""For alarms, and for what answers somebody who has just written or tapped."""


def of_request(desk: Desk, request: Request, reader: Person | None = None) -> Policy:
    """Returns the policy for telling staff and superiors of a request; `reader` is who reads it in private."""
    policy = of_team(desk, request.estate_id, request.team, urgent=request.urgent)
    if reader is None or request.urgent or not duty.is_off(desk, reader, request.estate_id, request.team):
        return policy
    return Policy(policy.hours, policy.zone, silent=True)


def of_team(desk: Desk, estate_id: int, team: str, *, urgent: bool = False) -> Policy:
    """Returns the policy for telling a team, and the superiors, of its matters."""
    if urgent:
        return ALWAYS
    key = ("policy", estate_id, team)
    found: Policy | None = desk.known.get(key)
    if found is None:
        found = desk.known[key] = _of_team(desk, estate_id, team)
    return found


def of_estate(desk: Desk, estate_id: int) -> Policy:
    """Returns the policy for what is no single team's: outside the quiet hours, by the clock on the estate's wall."""
    return Policy(WakingHours(None, desk.catalogue.rules.quiet_hours), desk.zone(estate_id))


def of_owner(desk: Desk, owner: Person, *, urgent: bool = False) -> Policy:
    """Returns the policy for telling an owner."""
    return ALWAYS if urgent else of_estate(desk, owner.estate_id)


def _of_team(desk: Desk, estate_id: int, team: str) -> Policy:
    """A team that works in the quiet hours only is told then, without a sound."""
    zone = desk.zone(estate_id)
    opening = desk.catalogue.opening_of(desk.estate(estate_id).name, team)
    hours = WakingHours(opening, desk.catalogue.rules.quiet_hours)
    if next(hours.spans(desk.now.astimezone(UTC), zone), None) is None:
        return Policy(opening, zone, silent=True)
    return Policy(hours, zone)
