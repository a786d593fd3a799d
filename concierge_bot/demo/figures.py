"""The figures from the database of the running bot, read without changing anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, create_engine, event, func
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from concierge_bot.desk.capabilities import CAPABILITIES
from concierge_bot.playground.page.stage import Counter
from storage.tables.queues import InboxState, InboxUpdate, OutboxMessage, OutboxState, Timer, TimerState
from storage.tables.requests import HELD, FollowUp, Request, RequestEvent, RequestState

BOARD = "board"
"""It follows within seconds: there is no point in turning the clock to it."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one look at the database.

    Attributes:
        counters: for the page.
        next_at: when the next timer is due.
        next_what: what it will look at.
        work_at: from when on the bot has something to do; None for nothing that is known yet.
    """

    counters: tuple[Counter, ...] = ()
    next_at: datetime | None = None
    next_what: str = ""
    work_at: datetime | None = None


class Reader:
    """A reader of the figures in an SQLite file; it returns the last ones while the file can't be read."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._engine: Engine | None = None
        self._last = Figures()

    def read(self) -> Figures:
        """Reads the figures from the database. Blocks for a moment."""
        if self._engine is None:
            if not self._file.exists():
                return self._last
            self._engine = create_engine(f"sqlite:///{self._file}", connect_args={"timeout": 1})
            event.listen(self._engine, "connect", lambda raw, _record: raw.execute("PRAGMA query_only = ON"))
        try:
            with Session(self._engine) as session:
                self._last = _figures(session)
        except DBAPIError:  # the schema is being made, or the file is busy
            return self._last
        return self._last

    def close(self) -> None:
        """Closes the connection to the file."""
        if self._engine is not None:
            self._engine.dispose()


def _figures(session: Session) -> Figures:
    to_come = select(Timer).where(Timer.state == TimerState.WAITING, Timer.kind != BOARD)
    timer = session.exec(to_come.order_by(col(Timer.due_at)).limit(1)).first()
    counters = (_requests(session), _claims(session), _inbox(session), _outbox(session), _timers(session))
    work_at = _work_at(session)
    if timer is None:
        return Figures(counters, work_at=work_at)
    known = CAPABILITIES.timers.get(timer.kind)  # none, where another version set it
    return Figures(counters, timer.due_at, known.says if known else timer.kind, work_at)


def _work_at(session: Session) -> datetime | None:
    """Returns the first moment of what waits: an update since it came, a message or a timer from its own."""
    waiting = (
        select(func.min(InboxUpdate.received_at)).where(InboxUpdate.state == InboxState.WAITING),
        select(func.min(OutboxMessage.not_before)).where(OutboxMessage.state == OutboxState.WAITING),
        select(func.min(Timer.due_at)).where(Timer.state == TimerState.WAITING),
    )
    found: list[datetime | None] = [session.scalar(asked) for asked in waiting]
    return min(filter(None, found), default=None)


def _by_state(session: Session, table: type[Request | InboxUpdate | OutboxMessage | Timer]) -> dict[str, int]:
    rows = session.exec(select(table.state, func.count()).group_by(table.state))
    return {str(state): count for state, count in rows}


def _requests(session: Session) -> Counter:
    by = _by_state(session, Request)
    parts = {
        "open": by.get(RequestState.OPEN, 0),
        "in hand": sum(by.get(state, 0) for state in HELD),
        "done": by.get(RequestState.DONE, 0),
        "cancelled": by.get(RequestState.CANCELLED, 0),
    }
    return Counter("requests", "Requests", sum(by.values()), _detail(parts))


def _claims(session: Session) -> Counter:
    claims = select(func.count()).where(col(RequestEvent.kind).in_(("claimed", "assigned")))
    asked = select(func.count()).where(col(FollowUp.asked_at).is_not(None))
    answered = select(func.count()).where(col(FollowUp.answered_at).is_not(None))
    sent, back = session.exec(asked).one(), session.exec(answered).one()
    return Counter("claims", "Claims", session.exec(claims).one(), f"{back}/{sent} follow-ups answered" if sent else "")


def _inbox(session: Session) -> Counter:
    by = _by_state(session, InboxUpdate)
    failed = by.get(InboxState.FAILED, 0)
    done = by.get(InboxState.DONE, 0) + by.get(InboxState.PASSED, 0)
    parts = {"done": done, "failed": failed}
    return Counter("inbox", "Updates in work", by.get(InboxState.WAITING, 0), _detail(parts), alarm=failed > 0)


def _outbox(session: Session) -> Counter:
    by = _by_state(session, OutboxMessage)
    dead = by.get(OutboxState.DEAD, 0)
    parts = {"sent": by.get(OutboxState.SENT, 0), "undeliverable": dead}
    return Counter("outbox", "Messages waiting", by.get(OutboxState.WAITING, 0), _detail(parts), alarm=dead > 0)


def _timers(session: Session) -> Counter:
    by = _by_state(session, Timer)
    failed = by.get(TimerState.FAILED, 0)
    parts = {"fired": by.get(TimerState.FIRED, 0), "failed": failed}
    return Counter("timers", "Timers set", by.get(TimerState.WAITING, 0), _detail(parts), alarm=failed > 0)


def _detail(parts: dict[str, int]) -> str:
    return " · ".join(f"{count} {what}" for what, count in parts.items() if count)
