"""The unit of work: one session, one transaction, one worker thread, and the only commit of the program."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.engine import URL, ExceptionContext
from sqlmodel import Session

from storage.engine.group_commit import Completed, GroupCommit, ended
from storage.engine.json_text import as_text, read
from storage.engine.notices import Queue, wakes
from storage.engine.prepared import begin

T = TypeVar("T")

POSTGRESQL_WORKERS = 8
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    "wal_autocheckpoint=4000",  # the pages that every unit changes are copied back a quarter as often
    "cache_size=-16000",  # in KiB
)
ONLY_READS = "25006"
"""PostgreSQL's code for a transaction that may not write: a full disk's guard, or a server that became a standby."""
ALWAYS: dict[str, Any] = {"hide_parameters": True, "json_serializer": as_text, "json_deserializer": read}
"""What every engine is given."""
LOOKING: dict[str, Any] = {"is_looking": True, "postgresql_readonly": True}
"""The options of a connection that only reads."""
CHANNEL = "concierge"
"""Where PostgreSQL tells other processes which queues a commit filled."""


WakeListener = Callable[[Queue, datetime | None], None]
"""Hears which queue was filled, and from when on there is something to do; None for at once."""


class Storage:
    """The database, and the threads that work on it.

    SQLite has one writer, so it gets one thread; PostgreSQL gets a pool. Either way a unit of work is one hop out of
    the event loop, and nothing inside it can wait for the network.
    """

    def __init__(self, database_url: str) -> None:
        """Opens nothing yet. Raises sqlalchemy.exc.ArgumentError where the URL cannot be read."""
        self.url = database(database_url)
        self.engine = _engine(self.url)
        self._listeners: list[WakeListener] = []
        self._readers_of_notes: list[Callable[[list[object]], None]] = []
        self._of_threads, self._connections = threading.local(), list[Connection]()
        """SQLite's connections, one a thread: to fetch one and to put it back takes longer than a commit."""
        workers = 1 if self.is_sqlite else POSTGRESQL_WORKERS
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="unit-of-work")
        self._looking = ThreadPoolExecutor(1, thread_name_prefix="look")
        self._group = GroupCommit(self.unit, self._threads) if self.is_sqlite else None

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file of SQLite's."""
        return self.url.get_backend_name() == "sqlite"

    def on_wake(self, listener: WakeListener) -> None:
        """Has `listener` called in the event loop after each commit that filled a queue."""
        self._listeners.append(listener)

    def on_notes(self, listener: Callable[[list[object]], None]) -> None:
        """Has `listener` called with the notes of each unit that `run` has committed, in the task that awaited it."""
        self._readers_of_notes.append(listener)

    @contextmanager
    def unit(self) -> Iterator[Session]:
        """A unit of work in the calling thread: committed at its end, rolled back when anything is raised."""
        try:
            with Session(self._connected(), expire_on_commit=False) as session:
                yield session
                self._tell_others(session)
                session.commit()
        except BaseException:
            self._let_go()
            raise

    async def run(self, work: Callable[[Session], T]) -> T:
        """Does `work` as one unit in a worker thread, then wakes whoever waits for what it wrote.

        It may be done twice, where the first time was undone with others': it must change nothing but the database.
        """
        if self._group is not None:
            done = await self._group.ask(work)
        else:
            done = await asyncio.get_running_loop().run_in_executor(self._threads, self._alone, work)
        for queue, at in done.wakes.items():
            self.told(queue, at)
        if done.notes:
            for listener in self._readers_of_notes:
                listener(done.notes)
        return done.result

    def _alone(self, work: Callable[[Session], T]) -> Completed[T]:
        with self.unit() as session:
            return ended(session, work)

    async def look(self, work: Callable[[Session], T]) -> T:
        """Reads beside whoever writes, in a thread of its own: nothing waits for it, and nothing is committed."""

        def look() -> T:
            with self.reading() as session:
                return work(session)

        return await asyncio.get_running_loop().run_in_executor(self._looking, look)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Reads beside whoever writes, in the calling thread."""
        with Session(self.engine.execution_options(**LOOKING), expire_on_commit=False) as session:
            yield session

    def told(self, queue: Queue, at: datetime | None = None) -> None:
        """Wakes whoever waits for a queue, in the event loop."""
        for listener in self._listeners:
            listener(queue, at)

    def _tell_others(self, session: Session) -> None:
        """In the transaction itself: other processes hear of it when, and only if, it is committed."""
        wanted = wakes(session)
        if wanted and not self.is_sqlite:
            said = (f"{queue} {at.isoformat()}" if at else str(queue) for queue, at in sorted(wanted.items()))
            session.execute(select(*(func.pg_notify(CHANNEL, words) for words in said)))

    def _connected(self) -> Engine | Connection:
        """What a unit of work in this thread is bound to."""
        if not self.is_sqlite:
            return self.engine
        found: Connection | None = getattr(self._of_threads, "connection", None)
        if found is None:
            found = self._of_threads.connection = self.engine.connect()
            self._connections.append(found)
        return found

    def _let_go(self) -> None:
        """Gives up this thread's connection: of one whose commit failed, nobody knows in which transaction it is."""
        found: Connection | None = self._of_threads.__dict__.pop("connection", None)
        if found is not None:
            self._connections.remove(found)
            found.invalidate()
            found.close()

    def close(self) -> None:
        """Waits for the units under way, then lets go of the database."""
        self._threads.shutdown(wait=True)
        self._looking.shutdown(wait=True)
        for connection in self._connections:
            connection.close()
        self.engine.dispose()


def database(url: str) -> URL:
    """The URL with the driver that the concierge ships: psycopg 3 for PostgreSQL."""
    parsed = make_url(url)
    return parsed.set(drivername="postgresql+psycopg") if parsed.drivername in {"postgresql", "postgres"} else parsed


def busy_timeout(url: URL) -> dict[str, float]:
    """For how many seconds SQLite waits for whoever is writing; `?timeout=` in the URL says otherwise."""
    return {} if "timeout" in url.query else {"timeout": 30}


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        engine = create_engine(url, pool_size=POSTGRESQL_WORKERS, pool_pre_ping=True, **ALWAYS)
        event.listen(engine, "handle_error", _let_go_of_what_only_reads)
        return engine
    if url.database and url.database != ":memory:":
        Path(url.database).touch(mode=0o600, exist_ok=True)
    engine = create_engine(url, connect_args=busy_timeout(url), **ALWAYS)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_in_sqlite)
    return engine


def _let_go_of_what_only_reads(context: ExceptionContext) -> None:
    """A connection that was made while nothing could be written stays so for ever: the next attempt gets a new one."""
    if getattr(context.original_exception, "sqlstate", None) == ONLY_READS:
        context.is_disconnect = True


def _begin_in_sqlite(connection: Connection) -> None:
    """A unit of work has the one right to write from its start; whoever only looks wants none of it."""
    is_looking = "is_looking" in connection.get_execution_options()
    begin(connection.connection.dbapi_connection, "BEGIN" if is_looking else "BEGIN IMMEDIATE")


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Durable at each commit, readers beside the writer, and transactions that SQLAlchemy begins itself."""
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
