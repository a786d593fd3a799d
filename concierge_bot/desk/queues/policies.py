"""Says of one matter when people may be told of it, and whether they hear it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from concierge_bot.catalogue.opening import Spans, after, next_beginning, stretch_at

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
