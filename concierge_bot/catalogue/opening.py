"""Opening hours: the clocks of requests that are not urgent run only while a team works, and sound only by day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Annotated, Protocol
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from concierge_bot.catalogue.durations import Hours, hours

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FURTHEST = 400
"""Days after which a week without any opening hour is taken for a mistake."""


def week(given: object) -> dict[str, tuple[Hours, ...]]:
    """Parses `{ mon = "08:00-12:00, 14:00-18:00", … }`; a day that is left out is closed. Raises ValueError."""
    if not isinstance(given, dict) or not set(given) <= set(WEEKDAYS):
        raise ValueError(f"write opening hours by {', '.join(WEEKDAYS)}")
    found = {day: tuple(hours(part) for part in str(text).split(",")) for day, text in given.items()}
    if not any(found.values()):
        raise ValueError("a team that is never open keeps no promise")
    return found


def holiday(given: object) -> date:
    """Parses `2026-10-01`, with quotation marks or without. Raises ValueError for anything else."""
    if isinstance(given, date) and not isinstance(given, datetime):
        return given
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        raise ValueError(f"{str(given)!r} is not a day: write 2026-10-01") from None


class Opening(BaseModel):
    """The opening hours of a team: by day of the week, in the estate's zone, and the days on which it is closed."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    team: str
    estate: str | None = None
    """The estate's name, where one installation serves several; without it, every estate that has no entry."""
    week: Annotated[dict[str, tuple[Hours, ...]], BeforeValidator(week)]
    holidays: frozenset[Annotated[date, BeforeValidator(holiday)]] = frozenset()

    @model_validator(mode="after")
    def _within_a_day(self) -> Opening:
        if any(span.end <= span.start for spans in self.week.values() for span in spans):
            raise ValueError("opening hours end after they begin; split those that run over midnight")
        for day, spans in self.week.items():
            in_order = sorted(spans)
            if any(later.start < earlier.end for earlier, later in pairwise(in_order)):
                raise ValueError(f"the opening hours of {day} overlap")
        return self

    def is_closed(self, day: date) -> bool:
        """Tells whether the team does not work at all on a day."""
        return day in self.holidays or not self.week.get(WEEKDAYS[day.weekday()])

    def spans(self, first: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
        """Yields the stretches in which the team works, from the moment's day on, as pairs of moments."""
        day = first.astimezone(zone).date()
        for later in range(FURTHEST):
            today = day + timedelta(days=later)
            if today in self.holidays:
                continue
            spans = _opened(self.week.get(WEEKDAYS[today.weekday()], ()), today, zone)
            if first.tzinfo is UTC:
                yield from spans
            else:
                yield from ((start.astimezone(first.tzinfo), end.astimezone(first.tzinfo)) for start, end in spans)


class Spans(Protocol):
    """Stretches of time, day by day."""

    def spans(self, first: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
        """Yields the stretches from a moment's day on, as pairs of their beginning and end."""


@dataclass(frozen=True)
class WakingHours:
    """The hours in which routine messages may sound: the team's opening hours (or all day), outside the quiet hours."""

    opening: Opening | None
    quiet: Hours

    def spans(self, first: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
        """Yields the stretches from a moment's day on, in UTC."""
        if self.opening is None and self.quiet.start == self.quiet.end:
            yield first - timedelta(days=1), first + timedelta(days=FURTHEST)
            return
        day = first.astimezone(zone).date()
        for later in range(FURTHEST):
            today = day + timedelta(days=later)
            yield from _awake(self._open_on(today), self.quiet, today, zone)

    def _open_on(self, day: date) -> tuple[Hours, ...] | None:
        if self.opening is None:
            return None
        return () if day in self.opening.holidays else self.opening.week.get(WEEKDAYS[day.weekday()], ())


@lru_cache(maxsize=2048)
def _opened(spans: tuple[Hours, ...], day: date, zone: ZoneInfo) -> tuple[tuple[datetime, datetime], ...]:
    """Returns the stretches of a day, in UTC; cached, since each request asks for them."""
    return tuple((starts.astimezone(UTC), ends.astimezone(UTC)) for starts, ends in (_on(day, s, zone) for s in spans))


@lru_cache(maxsize=2048)
def _awake(
    opened: tuple[Hours, ...] | None, quiet: Hours, day: date, zone: ZoneInfo
) -> tuple[tuple[datetime, datetime], ...]:
    """Returns the stretches of a day that are open (None: all day) and not quiet."""
    begin = datetime.combine(day, time(), zone)
    end = datetime.combine(day + timedelta(days=1), time(), zone)
    found = [(begin, end)] if opened is None else [_on(day, span, zone) for span in opened]
    for silent in _quiet_on(quiet, day, begin, end, zone):
        found = [piece for span in found for piece in _without(span, silent)]
    return tuple((starts.astimezone(UTC), ends.astimezone(UTC)) for starts, ends in found)


def _on(day: date, span: Hours, zone: ZoneInfo) -> tuple[datetime, datetime]:
    return datetime.combine(day, span.start, zone), datetime.combine(day, span.end, zone)


def _quiet_on(
    quiet: Hours, day: date, begin: datetime, end: datetime, zone: ZoneInfo
) -> list[tuple[datetime, datetime]]:
    """Returns the quiet stretches of a day; stretches over midnight lie at both of its ends."""
    starts, ends = _on(day, quiet, zone)
    if quiet.start == quiet.end:
        return []
    return [(starts, ends)] if quiet.start < quiet.end else [(begin, ends), (starts, end)]


def _without(span: tuple[datetime, datetime], cut: tuple[datetime, datetime]) -> Iterator[tuple[datetime, datetime]]:
    """Yields the rest of a stretch when another is taken out of it."""
    for starts, ends in ((span[0], min(span[1], cut[0])), (max(span[0], cut[1]), span[1])):
        if starts < ends:
            yield starts, ends


def after(start: datetime, span: timedelta, opening: Spans | None, zone: ZoneInfo) -> datetime:
    """Returns the moment at which so much opening time has passed; without opening hours, simply so much time."""
    if opening is None:
        return start + span
    left = span
    for begins, ends in opening.spans(start, zone):
        from_here = max(begins, start)
        if from_here >= ends:
            continue
        if left <= ends - from_here:
            return from_here + left
        left -= ends - from_here
    return start + span


def stretch_at(moment: datetime, hours: Spans, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    """Returns the stretch around a moment; None where the moment lies in none."""
    for starts, ends in hours.spans(moment, zone):
        if starts > moment:
            return None
        if moment < ends:
            return starts, ends
    return None


def next_beginning(moment: datetime, hours: Spans, zone: ZoneInfo) -> datetime | None:
    """Returns when the first stretch after a moment begins; None where none begins within a year."""
    return next((starts for starts, _ in hours.spans(moment, zone) if starts > moment), None)
