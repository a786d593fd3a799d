"""Durations and hours as people write them in the catalogue file."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
LONGEST = 3660 * SECONDS["d"]
DURATION = re.compile(r"(\d+)\s*([smhd])")
SPAN = re.compile(r"(\d{2}:\d{2})\s*-\s*(\d{2}:\d{2})")


def duration(text: object) -> timedelta:
    """Parses `45s`, `10m`, `8h`, `2d` or a sum such as `1h 30m`. Raises ValueError for anything else."""
    if isinstance(text, timedelta):
        return text
    if not isinstance(text, str) or not re.fullmatch(rf"({DURATION.pattern}\s*)+", text.strip()):
        raise ValueError(f"{text!r} is not a duration: write 45s, 10m, 8h, 2d or 1h 30m")
    seconds = sum(int(count) * SECONDS[unit] for count, unit in DURATION.findall(text))
    if seconds > LONGEST:
        raise ValueError(f"{text!r} is too long: write at most {LONGEST // SECONDS['d']}d")
    return timedelta(seconds=seconds)


class Hours(NamedTuple):
    """A stretch of the day in the estate's zone; it may run over midnight."""

    start: time
    end: time

    def contains(self, moment: time) -> bool:
        """Returns whether a local time lies in the stretch; its end does not."""
        if self.start <= self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


def hours(text: object) -> Hours:
    """Parses `22:00-08:00`. Raises ValueError for anything else."""
    if isinstance(text, Hours):
        return text
    found = SPAN.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        raise ValueError(f"{text!r} is not a stretch of the day: write 22:00-08:00")
    start, end = (_time(part) for part in found.groups())
    return Hours(start, end)


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a time of day: write 00:00 to 23:59") from None


def _some(found: timedelta) -> timedelta:
    """Returns a duration. Raises ValueError for none at all."""
    if not found:
        raise ValueError("should be longer than nothing")
    return found


def day_time(text: object) -> time:
    """Parses `09:00`. Raises ValueError for anything else."""
    if isinstance(text, time):
        return text
    if not isinstance(text, str) or not re.fullmatch(r"\d{2}:\d{2}", text):
        raise ValueError(f"{text!r} is not a time of day: write 09:00")
    return _time(text)


Duration = Annotated[timedelta, BeforeValidator(duration)]
SomeTime = Annotated[timedelta, BeforeValidator(duration), AfterValidator(_some)]
"""A duration that is longer than nothing."""
DayTime = Annotated[time, BeforeValidator(day_time)]
DayHours = Annotated[Hours, BeforeValidator(hours)]


def out_of(quiet: Hours, moment: datetime, zone: ZoneInfo) -> datetime:
    """Returns the moment, or the end of the quiet hours around it, by the clock on the estate's wall."""
    local = moment.astimezone(zone)
    if not quiet.contains(local.time()):
        return moment
    end = local.replace(hour=quiet.end.hour, minute=quiet.end.minute, second=0, microsecond=0)
    if end.replace(tzinfo=None) <= local.replace(tzinfo=None):
        end = (end + timedelta(days=1)).replace(fold=0)
    return end.astimezone(moment.tzinfo)


def next_time(hour: time, zone: ZoneInfo, after: datetime) -> datetime:
    """Returns the next moment at which the clock on the estate's wall shows this time, once a day.

    A time that the change to summer time leaves out is taken as late as it would have been without the change; of one
    that comes twice, the first counts. (APScheduler's CronTrigger leaves out the midnight after the change, 3.11.3.)
    """
    day = after.astimezone(zone).date()
    while True:
        found = datetime.combine(day, hour, zone).astimezone(UTC)
        if found > after:
            return found.astimezone(after.tzinfo)
        day += timedelta(days=1)
