"""What the boards of the staff chats list has changed: they follow a moment later, at once for all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from concierge_bot.desk.context import Desk
from concierge_bot.desk.queues.timers import TimerKind, set_timer
from storage.tables.queues import Urgency

EACH = timedelta(seconds=5)
"""A board is edited at most once in so long a time."""
NOTED = "boards that follow"


def note(desk: Desk, estate_id: int) -> None:
    """Has the boards of an estate brought up to date at the next of their moments."""
    noted = desk.cache.setdefault(NOTED, set())
    if estate_id in noted:
        return
    noted.add(estate_id)
    begin = datetime.fromtimestamp(0, UTC)
    due_at = begin + ((desk.now - begin) // EACH + 1) * EACH
    set_timer(desk, TimerKind.BOARD, estate_id, due_at, Urgency.BULK, key=due_at.isoformat())
