"""The estate's clock, turned by a demonstration."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from concierge_bot.clocks import FileClock

MORNING = time(9, 0)


class EstateClock:
    """A clock file: the bot reads it, and messages are dated by it.

    Args:
        file: that the bot's clock goes by.
        zone: of the estate.
    """

    def __init__(self, file: Path, zone: ZoneInfo) -> None:
        self._file = file
        self.zone = zone
        self._clock = FileClock(file)

    def now(self) -> datetime:
        """Returns the present moment on the estate, aware."""
        return self._clock.now().astimezone(self.zone)

    @property
    def offset(self) -> timedelta:
        """Returns how far the estate is ahead of this machine."""
        return self._clock.offset()

    def turn(self, by: timedelta) -> None:
        """Turns the clock forward."""
        FileClock.write(self._file, self._clock.offset() + by)
        self._clock.refresh()

    def turn_to(self, moment: datetime) -> None:
        """Turns the clock to a moment; one that has passed leaves it as it is."""
        self.turn(max(timedelta(), moment - self._clock.now()))

    def next_morning(self) -> datetime:
        """Returns the next nine o'clock."""
        now = self.now()
        today = datetime.combine(now.date(), MORNING, self.zone)
        return today if now < today else datetime.combine(now.date() + timedelta(days=1), MORNING, self.zone)

    def start_in_the_morning(self, at: time = time(9, 41)) -> None:
        """Sets the clock to a good hour of today, or of tomorrow where that has passed."""
        now = datetime.now(UTC).astimezone(self.zone)
        start = datetime.combine(now.date(), at, self.zone)
        FileClock.write(self._file, (start if now < start else start + timedelta(days=1)) - now)
        self._clock.refresh()
