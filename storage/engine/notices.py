"""Notices that a unit of work leaves, for after its commit: queues to wake, and facts for listeners."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

OF_THE_TRANSACTION = {"driver"}
"""What a session knows of its transaction, whichever units of work share it."""


class Queue(StrEnum):
    """A queue that a committed unit of work may have filled."""

    OUTBOX = "outbox"
    TIMERS = "timers"


def wake(session: Session, queue: Queue, at: datetime | None = None) -> None:
    """Wakes the worker of a queue after the commit: at once, or at a moment."""
    wanted: dict[Queue, datetime | None] = session.info.setdefault("wake", {})
    earlier = wanted.get(queue, at)
    wanted[queue] = None if at is None or earlier is None else min(at, earlier)


def note(session: Session, fact: object) -> None:
    """Leaves a fact for the listeners, who are told of it after the commit, and only then."""
    session.info.setdefault("notes", []).append(fact)


def wakes(session: Session) -> dict[Queue, datetime | None]:
    """Returns the queues to wake, each with the moment of its earliest work; None for at once."""
    found: dict[Queue, datetime | None] = session.info.get("wake", {})
    return found


def notes(session: Session) -> list[object]:
    """Returns the facts that were left for the listeners."""
    found: list[object] = session.info.get("notes", [])
    return found


def forget(session: Session) -> None:
    """Clears all that a unit of work left with the session: what comes next is another unit's.

    What is known of the transaction stays, since both share it.
    """
    transaction = {key: value for key, value in session.info.items() if key in OF_THE_TRANSACTION}
    session.info.clear()
    session.info.update(transaction)
