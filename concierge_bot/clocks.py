"""Clocks: time comes from one clock object, so that a test, a demo or the playground can turn it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path


class Clock:
    """The time of this machine, in UTC."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[], None]] = []

    def now(self) -> datetime:
        """Returns the present moment, aware, in UTC."""
        return datetime.now(UTC) + self.offset()

    def machine(self) -> datetime:
        """Returns the machine's own time, however this clock was turned: for measuring durations."""
        return datetime.now(UTC)

    def offset(self) -> timedelta:
        """Returns how far this clock is ahead of the machine's."""
        return timedelta()

    def on_turn(self, listener: Callable[[], None]) -> None:
        """Registers a callback for each turn of the clock."""
        self._listeners.append(listener)

    def turned(self) -> None:
        """Calls the registered callbacks after a turn, since the moments they wait for may have come."""
        for listener in self._listeners:
            listener()


class TurnableClock(Clock):
    """A clock that is turned from inside the process: for tests."""

    def __init__(self, start: datetime | None = None) -> None:
        super().__init__()
        self._offset = timedelta() if start is None else start - datetime.now(UTC)

    def offset(self) -> timedelta:
        """Returns how far this clock was turned from the machine's."""
        return self._offset

    def turn(self, by: timedelta) -> None:
        """Moves the clock, forward as a rule."""
        self._offset += by
        self.turned()

    def turn_to(self, moment: datetime) -> None:
        """Sets the clock to a moment."""
        self.turn(moment - self.now())


class FileClock(Clock):
    """A clock whose offset stands in a file, so that a playground can turn it for processes that come and go.

    The file holds `{"offset": seconds}`; a missing or unreadable one leaves the clock as it is.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._offset = timedelta()
        self._read_at = -1
        self._announced = self.offset()

    def offset(self) -> timedelta:
        """Returns the offset in the file, read again after each change; where it cannot be read, the last one."""
        try:
            changed_at = self._path.stat().st_mtime_ns
            if changed_at != self._read_at:
                self._offset = timedelta(seconds=float(json.loads(self._path.read_text())["offset"]))
                self._read_at = changed_at
        except (OSError, ValueError, KeyError, TypeError):
            pass
        return self._offset

    def refresh(self) -> bool:
        """Calls the callbacks if the clock was turned since the last call. Returns whether it was."""
        before, self._announced = self._announced, self.offset()
        if self._announced != before:
            self.turned()
        return self._announced != before

    @staticmethod
    def write(path: Path, offset: timedelta) -> None:
        """Turns every clock that reads this file."""
        new = path.with_suffix(".new")
        new.write_text(json.dumps({"offset": offset.total_seconds()}))
        new.replace(path)
