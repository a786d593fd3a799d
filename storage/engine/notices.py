"""What a unit of work leaves to be told once it is committed: which queues it filled, and facts for whoever listens."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

OF_THE_TRANSACTION = {"driver"}
"""What a session knows of its transaction, whichever units of work share it."""


class Queue(StrEnum):
    """What a committed unit of work may have put something into."""

    OUTBOX = "outbox"
    TIMERS = "timers"


def wake(session: Session, queue: Queue, at: datetime | None = None) -> None:
    """Says that whoever works off a queue has something to do, at once or from a moment on, once this is committed."""
    wanted: dict[Queue, datetime | None] = session.info.setdefault("wake", {})
    earlier = wanted.get(queue, at)
    wanted[queue] = None if at is None or earlier is None else min(at, earlier)


def note(session: Session, fact: object) -> None:
    """Leaves a fact with this unit of work: whoever listens is told of it once, and only if, it is committed."""
    session.info.setdefault("notes", []).append(fact)


def wakes(session: Session) -> dict[Queue, datetime | None]:
    """The queues that were filled, and from when on there is something to do; None for at once."""
    found: dict[Queue, datetime | None] = session.info.get("wake", {})
    return found


def notes(session: Session) -> list[object]:
    """The facts that were left."""
    found: list[object] = session.info.get("notes", [])
    return found


def forget(session: Session) -> None:
    """Clears all that a unit of work left with the session: what comes next is another unit's.

    What is known of the transaction stays, since both share it.
    """
    transaction = {key: value for key, value in session.info.items() if key in OF_THE_TRANSACTION}
    session.info.clear()
    session.info.update(transaction)
