"""Group commit: units of work that wait for the writing thread at the same time become durable together."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from storage.engine.drivers import driver
from storage.engine.notices import Queue, forget, notes, wake, wakes

T = TypeVar("T")

MOST = 16
"""How many units may share one commit: nobody waits for more than so many others."""


@dataclass(frozen=True, slots=True)
class Completed(Generic[T]):
    """A unit of work that was committed."""

    result: T
    wakes: dict[Queue, datetime | None]
    notes: list[object]


@dataclass(frozen=True, slots=True, eq=False)
class PendingUnit:
    """A unit of work in the queue, and the future of its caller."""

    work: Callable[[Session], Any]
    future: asyncio.Future[Completed[Any]]


class NothingChangedError(Exception):
    """Raised by a unit of work that gives up before it has changed anything: those that share its commit go on."""


class _OneFailedError(Exception):
    """Undoes a group: one of its units raised an error."""


def ended(session: Session, work: Callable[[Session], T]) -> Completed[T]:
    """Runs a unit of work without committing; returns its result with its wake-ups and notes."""
    result = work(session)
    return Completed(result, wakes(session), notes(session))


class GroupCommit:
    """One transaction for all that wait, one after the other in the order in which they came.

    Nobody hears of a result before the commit. Where one of them raises, the transaction is undone, and each is done
    again in one of its own: so a unit is still done wholly or not at all, and fails alone.
    """

    def __init__(self, unit: Callable[[], AbstractContextManager[Session]], thread: ThreadPoolExecutor) -> None:
        """Takes the function that opens a transaction, and the one thread that may call it."""
        self._unit, self._thread = unit, thread
        self._waiting: deque[PendingUnit] = deque()
        self._is_at_work = False

    def ask(self, work: Callable[[Session], T]) -> asyncio.Future[Completed[T]]:
        """Queues a unit of work. The future raises the error of the unit, or of the commit."""
        loop = asyncio.get_running_loop()
        pending = PendingUnit(work, loop.create_future())
        self._waiting.append(pending)
        loop.call_soon(self._go_on, loop)  # not at once: what else comes in this turn of the loop joins it
        return pending.future

    def _go_on(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._is_at_work or not self._waiting:
            return
        group = [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]
        self._is_at_work = True
        self._thread.submit(self._work_off, group, loop)

    def _work_off(self, group: list[PendingUnit], loop: asyncio.AbstractEventLoop) -> None:
        """Runs in the writing thread: works off a group, then hands the outcomes to the event loop."""
        outcomes = self._outcomes(group)
        try:
            loop.call_soon_threadsafe(self._tell, group, outcomes, loop)
        except RuntimeError:  # the loop is closed, and with it whoever waited; another may have begun since
            self._is_at_work = False
            if self._waiting:
                other = self._waiting[0].future.get_loop()
                other.call_soon_threadsafe(self._go_on, other)

    def _tell(
        self,
        group: list[PendingUnit],
        outcomes: Sequence[Completed[Any] | BaseException],
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self._is_at_work = False
        for pending, outcome in zip(group, outcomes, strict=True):
            if pending.future.done():
                continue  # who waited was cancelled
            if isinstance(outcome, BaseException):
                pending.future.set_exception(outcome)
            else:
                pending.future.set_result(outcome)
        self._go_on(loop)

    def _outcomes(self, group: list[PendingUnit]) -> Sequence[Completed[Any] | BaseException]:
        if len(group) > 1:
            try:
                return self._together(group)
            except _OneFailedError:
                pass
            except BaseException as trouble:  # of the database: each would meet it again
                return [trouble] * len(group)
        return [self._alone(pending) for pending in group]

    def _together(self, group: list[PendingUnit]) -> list[Completed[Any] | BaseException]:
        with self._unit() as session:
            session.connection()  # begins: whatever stands in the way of that is nobody's of them
            outcomes = [self._one(session, pending) for pending in group]
            self._sync(session)
            for done in outcomes:  # other processes hear of them all at the commit
                for queue, at in done.wakes.items() if isinstance(done, Completed) else ():
                    wake(session, queue, at)
            return outcomes

    def _one(self, session: Session, pending: PendingUnit) -> Completed[Any] | BaseException:
        found: Completed[Any] | BaseException
        try:
            found = ended(session, pending.work)
            session.flush()
        except NothingChangedError as error:
            found = error
        except Exception as error:
            if isinstance(error, DBAPIError) and error.connection_invalidated:
                raise  # each of the others would meet it again, and wait for a server that is not there
            raise _OneFailedError from error
        forget(session)
        session.expunge_all()  # the next one begins with an empty session, too
        return found

    def _sync(self, session: Session) -> None:
        """Waits for what the units sent, while one that failed still fails alone."""
        try:
            driver(session).sync()
        except Exception as error:
            raise _OneFailedError from error

    def _alone(self, pending: PendingUnit) -> Completed[Any] | BaseException:
        try:
            with self._unit() as session:
                return ended(session, pending.work)
        except BaseException as error:
            return error
