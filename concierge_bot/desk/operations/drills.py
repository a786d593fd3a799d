"""Restore drills: when a backup was last restored on trial, and which."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from concierge_bot.desk.context import Desk
from storage.tables.installation import InstallationFact

RESTORE_DRILL = "restore_drill"
EVERY = timedelta(days=35)
"""The longest time between two drills: once a month, and a few days' grace."""
FRESH = timedelta(days=7)
"""The age of a backup up to which its drill says something of those of each night."""


class Drill(NamedTuple):
    """A drill that succeeded."""

    at: datetime
    backup_of: datetime
    """The moment that the backup holds."""

    @property
    def was_fresh(self) -> bool:
        """Returns whether the backup was a new one when it was restored."""
        return self.at - self.backup_of <= FRESH


def record(desk: Desk, backup_of: datetime) -> None:
    """Records that a backup was restored on trial just now."""
    fact = desk.session.get(InstallationFact, RESTORE_DRILL)
    if fact is None:
        desk.session.add(InstallationFact(key=RESTORE_DRILL, value=backup_of.isoformat(), at=desk.now))
    else:
        fact.value, fact.at = backup_of.isoformat(), desk.now


def latest(desk: Desk) -> Drill | None:
    """Returns the last drill that succeeded; None where there was none."""
    fact = desk.session.get(InstallationFact, RESTORE_DRILL)
    return Drill(fact.at, datetime.fromisoformat(fact.value)) if fact else None
