"""Opening hours: the clocks of requests that are not urgent run only while a team works."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from concierge_bot.durations import Hours, hours

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FURTHEST = 400
"""Days after which a week without any opening hour is taken for a mistake."""


def week(given: object) -> dict[str, tuple[Hours, ...]]:
    """Reads `{ mon = "08:00-12:00, 14:00-18:00", … }`; a day that is left out is closed. Raises ValueError."""
    if not isinstance(given, dict) or not set(given) <= set(WEEKDAYS):
        raise ValueError(f"write opening hours by {', '.join(WEEKDAYS)}")
    found = {day: tuple(hours(part) for part in str(text).split(",")) for day, text in given.items()}
    if not any(found.values()):
        raise ValueError("a team that is never open keeps no promise")
    return found


class Opening(BaseModel):
    """When a team works: hours by day of the week, in the estate's zone, and the days on which it does not."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    team: str
    estate: str | None = None
    """The estate's name, where one installation serves several; without it, every estate that has no entry."""
    week: Annotated[dict[str, tuple[Hours, ...]], BeforeValidator(week)]
    holidays: frozenset[date] = frozenset()

    @model_validator(mode="after")
    def _within_a_day(self) -> Opening:
        if any(span.end <= span.start for spans in self.week.values() for span in spans):
            raise ValueError("opening hours end after they begin; split those that run over midnight")
        return self

    def spans(self, first: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
        """The stretches in which the team works, from a moment's day on, as moments."""
        day = first.astimezone(zone).date()
        for later in range(FURTHEST):
            today = day + timedelta(days=later)
            if today in self.holidays:
                continue
            for span in self.week.get(WEEKDAYS[today.weekday()], ()):
                start = datetime.combine(today, span.start, zone)
                end = datetime.combine(today, span.end, zone)
                yield start.astimezone(first.tzinfo), end.astimezone(first.tzinfo)


def after(start: datetime, span: timedelta, opening: Opening | None, zone: ZoneInfo) -> datetime:
    """The moment at which so much opening time has passed; without opening hours, simply so much time."""
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
