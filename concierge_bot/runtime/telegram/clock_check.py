"""The machine's clock, compared with the one of Telegram's servers."""

from __future__ import annotations

import time
from datetime import UTC
from email.utils import parsedate_to_datetime

WRONG_FROM = 60.0
"""Seconds by which a clock is wrong enough to matter."""
RESOLUTION = 1.0
"""Seconds that the header `Date` leaves out."""


class ClockCheck:
    """The replies of Telegram's, each with what it proves: their server wrote the date between question and answer."""

    def __init__(self) -> None:
        self.differences: list[float] = []
        """Of each reply, the seconds by which this clock is at least ahead of Telegram's; below zero, behind."""

    def heard(self, date: str | None, asked_at: float) -> None:
        """Takes the header of a reply that came just now; `asked_at` is when it was asked for, by this clock."""
        try:
            there = parsedate_to_datetime(date or "")
        except ValueError:
            return
        said = (there if there.tzinfo else there.replace(tzinfo=UTC)).timestamp()
        ahead, behind = asked_at - (said + RESOLUTION), said - time.time()
        self.differences.append(max(ahead, 0.0) - max(behind, 0.0))

    @property
    def is_wrong(self) -> bool:
        """Returns whether every reply proves that this clock is wrong, in one direction."""
        some = self.differences
        return bool(some) and (min(some) >= WRONG_FROM or max(some) <= -WRONG_FROM)

    @property
    def is_right(self) -> bool:
        """Returns whether no reply proves that it is wrong."""
        return bool(self.differences) and all(abs(each) < WRONG_FROM for each in self.differences)

    @property
    def in_words(self) -> str:
        """Returns by how much the clock is wrong, such as `90 s behind`."""
        by = min(self.differences, key=abs)
        return f"{abs(by):.0f} s {'ahead' if by > 0 else 'behind'}"
