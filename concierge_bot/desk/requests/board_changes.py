"""Changes for the boards of the staff chats: debounced, one update for all changes of a few seconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from concierge_bot.desk.context import Desk
from concierge_bot.desk.queues.timers import TimerKind, set_timer
from storage.tables.queues import Urgency

EACH = timedelta(seconds=5)
"""The shortest time between two edits of a board."""
NOTED = "boards that follow"


def note(desk: Desk, estate_id: int) -> None:
    """Sets the timer that updates an estate's boards, at the next multiple of EACH."""
    noted = desk.cache.setdefault(NOTED, set())
    if estate_id in noted:
        return
    noted.add(estate_id)
    begin = datetime.fromtimestamp(0, UTC)
    due_at = begin + ((desk.now - begin) // EACH + 1) * EACH
    set_timer(desk, TimerKind.BOARD, estate_id, due_at, Urgency.BULK, key=due_at.isoformat())
