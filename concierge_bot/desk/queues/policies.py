"""Notification policies: when people may be told of a matter, and whether it sounds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from concierge_bot.catalogue.opening import Spans, after, next_beginning, stretch_at

AGAIN_AT_LATEST = timedelta(days=1)
"""The longest wait until a matter is told anew, where no further stretch begins before."""


@dataclass(frozen=True)
class Policy:
    """The policy for one matter: when it may be told, and whether it sounds then."""

    hours: Spans | None
    """The stretches of time in which it may be told; None for any time."""
    zone: ZoneInfo | None = None
    silent: bool = False
    """Whether it never sounds: its reader is off duty, or it may be told at night only."""

    def may_sound(self, moment: datetime) -> bool:
        """Tells whether a message of that moment may sound."""
        return not self.silent and (self.hours is None or self._stretch(moment) is not None)

    def sounds_until(self, moment: datetime) -> datetime | None:
        """Returns the end of the time in which a message of that moment may sound; None for no end."""
        if self.silent:
            return moment
        if self.hours is None:
            return None
        stretch = self._stretch(moment)
        return stretch[1] if stretch else moment

    def earliest(self, moment: datetime) -> datetime:
        """Returns the moment itself where it lies in a stretch, else the beginning of the next one."""
        return moment if self.hours is None or self._stretch(moment) is not None else self.next_opening(moment)

    def after(self, start: datetime, span: timedelta) -> datetime:
        """Returns the moment at which so much time has passed, counted in the stretches only."""
        return start + span if self.zone is None else after(start, span, self.hours, self.zone)

    def next_opening(self, moment: datetime) -> datetime:
        """Returns the beginning of the next stretch; a day later where no further one begins."""
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
"""For lists, which people read when they have the time."""
ALWAYS = Policy(None)
"""For alarms, and for replies to somebody who has just written or tapped."""
