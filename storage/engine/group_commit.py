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

from sqlmodel import Session

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
    """A unit of work that waits, and who waits for it."""

    work: Callable[[Session], Any]
    future: asyncio.Future[Completed[Any]]


class NothingChangedError(Exception):
    """Raised by a unit of work that gives up before it has changed anything: those that share its commit go on."""


class _OneFailedError(Exception):
    """One of a group raised something."""


def ended(session: Session, work: Callable[[Session], T]) -> Completed[T]:
    """Does a unit's work, all but the commit."""
    result = work(session)
    return Completed(result, wakes(session), notes(session))


class GroupCommit:
    """One transaction for all that wait, one after the other in the order in which they came.

    Nobody hears of a result before the commit. Where one of them raises, the transaction is undone, and each is done
    again in one of its own: so a unit is still done wholly or not at all, and fails alone.
    """

    def __init__(self, unit: Callable[[], AbstractContextManager[Session]], thread: ThreadPoolExecutor) -> None:
        """`unit` opens a transaction, `thread` is the one that may."""
        self._unit, self._thread = unit, thread
        self._waiting: deque[PendingUnit] = deque()
        self._is_at_work = False

    def ask(self, work: Callable[[Session], T]) -> asyncio.Future[Completed[T]]:
        """Has `work` done with whatever else waits. The future raises what it raises, or what the commit does."""
        loop = asyncio.get_running_loop()
        wish = PendingUnit(work, loop.create_future())
        self._waiting.append(wish)
        loop.call_soon(self._go_on, loop)  # not at once: what else comes in this turn of the loop joins it
        return wish.future

    def _go_on(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._is_at_work or not self._waiting:
            return
        group = [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]
        self._is_at_work = True
        self._thread.submit(self._work_off, group, loop)

    def _work_off(self, group: list[PendingUnit], loop: asyncio.AbstractEventLoop) -> None:
        """In the thread."""
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
        for wish, outcome in zip(group, outcomes, strict=True):
            if wish.future.done():
                continue  # who waited was cancelled
            if isinstance(outcome, BaseException):
                wish.future.set_exception(outcome)
            else:
                wish.future.set_result(outcome)
        self._go_on(loop)

    def _outcomes(self, group: list[PendingUnit]) -> Sequence[Completed[Any] | BaseException]:
        if len(group) > 1:
            try:
                return self._together(group)
            except _OneFailedError:
                pass
            except BaseException as trouble:  # of the database: each would meet it again
                return [trouble] * len(group)
        return [self._alone(wish) for wish in group]

    def _together(self, group: list[PendingUnit]) -> list[Completed[Any] | BaseException]:
        with self._unit() as session:
            session.connection()  # begins: whatever stands in the way of that is nobody's of them
            outcomes = [self._one(session, wish) for wish in group]
            for done in outcomes:  # other processes hear of them all at the commit
                for queue, at in done.wakes.items() if isinstance(done, Completed) else ():
                    wake(session, queue, at)
            return outcomes

    def _one(self, session: Session, wish: PendingUnit) -> Completed[Any] | BaseException:
        found: Completed[Any] | BaseException
        try:
            found = ended(session, wish.work)
            session.flush()
        except NothingChangedError as error:
            found = error
        except Exception as error:
            raise _OneFailedError from error
        forget(session)
        session.expunge_all()  # the next one begins with an empty session, too
        return found

    def _alone(self, wish: PendingUnit) -> Completed[Any] | BaseException:
        try:
            with self._unit() as session:
                return ended(session, wish.work)
        except BaseException as error:
            return error
