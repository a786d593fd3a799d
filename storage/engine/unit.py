"""The unit of work: one session, one transaction, one worker thread, and the only commit of the program."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Engine, String, bindparam, create_engine, event, func, make_url, select
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from storage.engine.audited_rows import watch
from storage.engine.drivers import driver_at, sync
from storage.engine.encoding import CLIENT_ENCODING, check_encoding
from storage.engine.group_commit import GroupCommit
from storage.engine.json_text import as_text, read
from storage.engine.notices import Queue, wakes
from storage.engine.statements import run

T = TypeVar("T")

IDLE = 1.0
"""Seconds after which PostgreSQL's connection is tried before it is used: it may have been cut off meanwhile."""
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    "wal_autocheckpoint=4000",  # the pages that every unit changes are copied back a quarter as often
    "cache_size=-16000",  # in KiB
)
CONNECTING: dict[str, str] = {
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}
"""How soon a PostgreSQL server that is gone is given up, unless the URL says otherwise; in seconds, the last one in
milliseconds. No statement has a limit of time: migrations, imports and backups may take long."""
ONLY_READS = "25006"
"""PostgreSQL's code for a transaction that may not write: a full disk's guard, or a server that became a standby."""
ALWAYS: dict[str, Any] = {"hide_parameters": True, "json_serializer": as_text, "json_deserializer": read}
"""What every engine is given."""
LOOKING: dict[str, Any] = {"is_looking": True}
"""The options of a connection that only reads."""
CHANNEL = "concierge"
"""Where PostgreSQL tells other processes which queues a commit filled."""
NOTIFY = select(func.pg_notify(CHANNEL, bindparam("words", type_=String)))


WakeListener = Callable[[Queue, datetime | None], None]
"""Hears which queue was filled, and from when on there is something to do; None for at once."""


class Storage:
    """The database, and the threads that work on it.

    One thread writes, whose units share their commits: SQLite has one writer, and on PostgreSQL several threads would
    only take the interpreter from each other. A unit of work is one hop out of the event loop, and nothing inside it
    can wait for Telegram.
    """

    def __init__(self, database_url: str) -> None:
        """Keeps the URL and connects at first use. Raises sqlalchemy.exc.ArgumentError where the URL cannot be read."""
        watch()
        self.url = database(database_url)
        self.engine = _engine(self.url)
        self._listeners: list[WakeListener] = []
        self._readers_of_notes: list[Callable[[list[object]], None]] = []
        self._of_threads, self._connections = threading.local(), list[Connection]()
        """The connections, one a thread: to fetch one and to put it back takes longer than a commit."""
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="unit-of-work")
        self._looking = ThreadPoolExecutor(1, thread_name_prefix="look")
        self._group = GroupCommit(self.unit, self._threads)

    @property
    def is_sqlite(self) -> bool:
        """Returns whether the database is a file of SQLite's."""
        return self.url.get_backend_name() == "sqlite"

    def on_wake(self, listener: WakeListener) -> None:
        """Registers a listener, called in the event loop after each commit that filled a queue."""
        self._listeners.append(listener)

    def on_notes(self, listener: Callable[[list[object]], None]) -> None:
        """Registers a listener, called with the notes of each committed unit in the task that awaited it."""
        self._readers_of_notes.append(listener)

    @contextmanager
    def unit(self) -> Iterator[Session]:
        """Opens a unit of work in the calling thread: committed at its end, rolled back on any error."""
        try:
            with Session(self._connected(), expire_on_commit=False) as session:
                yield session
                self._tell_others(session)
                session.commit()
        except BaseException as error:
            self._let_go_after(error)
            raise
        self._of_threads.used_at = time.monotonic()

    async def run(self, work: Callable[[Session], T]) -> T:
        """Runs `work` as one unit in the writing thread, then wakes the workers of the queues that it filled.

        It may be done twice, where the first time was undone with others': it must change nothing but the database.
        """
        done = await self._group.ask(work)
        for queue, at in done.wakes.items():
            self.told(queue, at)
        if done.notes:
            for listener in self._readers_of_notes:
                listener(done.notes)
        return done.result

    async def look(self, work: Callable[[Session], T]) -> T:
        """Reads in a thread of its own beside the writing one. Commits nothing."""

        def look() -> T:
            with self.reading() as session:
                return work(session)

        return await asyncio.get_running_loop().run_in_executor(self._looking, look)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Opens a session that only reads, in the calling thread."""
        with Session(self.engine.execution_options(**LOOKING), expire_on_commit=False) as session:
            yield session

    def told(self, queue: Queue, at: datetime | None = None) -> None:
        """Wakes the workers of a queue, in the event loop."""
        for listener in self._listeners:
            listener(queue, at)

    def _tell_others(self, session: Session) -> None:
        """Notifies other processes in the transaction itself: they hear of it when, and only if, it is committed."""
        if self.is_sqlite:
            return
        for queue, at in wakes(session).items():
            run(session, NOTIFY, words=f"{queue} {at.isoformat()}" if at else str(queue))

    def _connected(self) -> Connection:
        """Returns the connection that units of work in this thread are bound to."""
        found: Connection | None = getattr(self._of_threads, "connection", None)
        if found is not None and not self._lives(found):
            self._let_go()
            found = None
        if found is None:
            found = self._of_threads.connection = self.engine.connect()
            self._connections.append(found)
        return found

    def _lives(self, connection: Connection) -> bool:
        """Tries PostgreSQL's connection that was idle for a while. Returns False where it was cut off."""
        if self.is_sqlite or time.monotonic() - getattr(self._of_threads, "used_at", 0.0) < IDLE:
            return True
        try:
            return self.engine.dialect.do_ping(cast("DBAPIConnection", connection.connection.dbapi_connection))
        except (DBAPIError, self.engine.dialect.loaded_dbapi.Error):
            return False

    def _let_go_after(self, error: BaseException) -> None:
        """Gives up this thread's connection, unless the error is one of ours and the transaction was undone.

        Of one whose commit failed, nobody knows in which transaction it is; PostgreSQL's that was made while nothing
        could be written stays so for ever.
        """
        at: BaseException | None = error
        while at is not None and not isinstance(at, DBAPIError):
            at = at.__cause__
        if self.is_sqlite or at is not None or not isinstance(error, Exception):
            self._let_go()

    def _let_go(self) -> None:
        """Gives up this thread's connection."""
        found: Connection | None = self._of_threads.__dict__.pop("connection", None)
        if found is not None:
            self._connections.remove(found)
            found.invalidate()
            found.close()

    def close(self) -> None:
        """Waits for the units under way, then closes all connections."""
        self._threads.shutdown(wait=True)
        self._looking.shutdown(wait=True)
        for connection in self._connections:
            connection.close()
        self.engine.dispose()


def database(url: str) -> URL:
    """Returns the URL with the driver that the concierge ships: psycopg 3 for PostgreSQL."""
    parsed = make_url(url)
    return parsed.set(drivername="postgresql+psycopg") if parsed.drivername in {"postgresql", "postgres"} else parsed


def busy_timeout(url: URL) -> dict[str, float]:
    """Returns the busy timeout of SQLite, 30 seconds; nothing where the URL has a `?timeout=`."""
    return {} if "timeout" in url.query else {"timeout": 30}


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        limits = {name: value for name, value in CONNECTING.items() if name not in url.query}
        engine = create_engine(url, pool_pre_ping=True, connect_args=CLIENT_ENCODING | limits, **ALWAYS)
        check_encoding(engine)
        event.listen(engine, "connect", _prepare_postgresql)
        event.listen(engine, "begin", _begin)
        event.listen(engine, "before_cursor_execute", lambda connection, *_: sync(connection))
        event.listen(engine, "commit", sync)
        event.listen(engine, "rollback", _sync_before_rollback)
        event.listen(engine, "handle_error", _let_go_of_what_only_reads)
        return engine
    if url.database and url.database != ":memory:":
        Path(url.database).touch(mode=0o600, exist_ok=True)
    engine = create_engine(url, connect_args=busy_timeout(url), **ALWAYS)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin)
    return engine


def _let_go_of_what_only_reads(context: ExceptionContext) -> None:
    """Invalidates a connection that was opened while the server was read-only: it would stay so for ever."""
    if getattr(context.original_exception, "sqlstate", None) == ONLY_READS:
        context.is_disconnect = True


def _begin(connection: Connection) -> None:
    """Begins a transaction. On SQLite it has the one right to write from its start, unless it only looks."""
    is_looking = "is_looking" in connection.get_execution_options()
    if connection.dialect.name == "sqlite":
        sql = "BEGIN" if is_looking else "BEGIN IMMEDIATE"
    else:
        sql = "BEGIN READ ONLY" if is_looking else "BEGIN"
    driver_at(connection).begin(sql)


def _sync_before_rollback(connection: Connection) -> None:
    """Fetches what was sent before a rollback, which undoes it whatever became of it."""
    with suppress(DBAPIError):
        sync(connection)


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    """Keeps psycopg from preparing statements by itself: after a rollback it makes the server forget ours as well."""
    connection.prepare_threshold = None


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Sets the pragmas (durable commits, readers beside the writer), and leaves transactions to SQLAlchemy."""
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
