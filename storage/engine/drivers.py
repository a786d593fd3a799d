"""The drivers of both engines, past SQLAlchemy, for statements that are ready: alike for whoever executes them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from types import ModuleType
from typing import Any, NamedTuple, Protocol, cast

from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

Values = Sequence[Any]


class Executed(NamedTuple):
    """The outcome of one statement."""

    rows: list[Any]
    rowcount: int
    """The number of rows that it changed."""
    new_id: int
    """The id of the row that an INSERT wrote; 0 where it wrote none, or one whose id was given."""


@dataclass(slots=True)
class Count:
    """The number of rows that a statement changes, known once it was waited for."""

    fetch: Callable[[], None]
    """Waits for the statement. Raises SQLAlchemy's errors."""
    rowcount: int | None = None

    def __call__(self) -> int:
        """Returns the number; waits for it where it is not known yet."""
        if self.rowcount is None:
            self.fetch()
        return self.rowcount or 0


class Driver(Protocol):
    """A driver's connection in a transaction. Its methods raise SQLAlchemy's errors, as SQLAlchemy would."""

    def execute(self, sql: str, values: Values) -> Executed:
        """Executes a statement."""

    def execute_all(self, sql: str, values: Sequence[Values]) -> None:
        """Executes a statement once for each of several sets of values."""

    def send(self, sql: str, values: Values) -> None:
        """Executes a statement whose outcome nobody needs; its error may come with a later one's, or with `sync`."""

    def send_counted(self, sql: str, values: Values) -> Count:
        """Does the same for a statement of which somebody needs the number of changed rows, but not at once."""

    def new_id(self, table: str) -> int | None:
        """Returns the id for a row that is to be inserted; None where the INSERT itself makes one without a wait."""

    def begin(self, sql: str) -> None:
        """Begins a transaction, at the latest with its first statement."""

    def sync(self) -> None:
        """Waits for all that was sent."""


@dataclass(frozen=True, slots=True)
class SqliteDriver:
    """The standard library's connection to a file."""

    connection: sqlite3.Connection

    def execute(self, sql: str, values: Values = ()) -> Executed:
        """Executes a statement."""
        try:
            cursor = self.connection.execute(sql, values)
            return Executed(cursor.fetchall(), cursor.rowcount, cursor.lastrowid or 0)
        except sqlite3.Error as error:
            raise sqlalchemy_error(error, sqlite3.Error) from error

    def execute_all(self, sql: str, values: Sequence[Values]) -> None:
        """Executes a statement once for each of several sets of values."""
        try:
            self.connection.executemany(sql, values)
        except sqlite3.Error as error:
            raise sqlalchemy_error(error, sqlite3.Error) from error

    def send(self, sql: str, values: Values) -> None:
        """Executes a statement whose outcome nobody needs."""
        self.execute(sql, values)

    def send_counted(self, sql: str, values: Values) -> Count:
        """Executes a statement, and returns the number of rows that it changed."""
        return Count(self.sync, self.execute(sql, values).rowcount)

    def new_id(self, table: str) -> None:
        """Returns None: nobody waits for an INSERT, which makes the id."""

    def begin(self, sql: str) -> None:
        """Begins a transaction."""
        self.execute(sql)

    def sync(self) -> None:
        """Does nothing: each statement was waited for."""


def driver(session: Session) -> Driver:
    """Returns the driver's connection in the session's transaction. Begins one where there is none yet."""
    transaction = session.get_transaction()
    known: tuple[object, Driver] | None = session.info.get("driver")
    if known is None or transaction is None or known[0] is not transaction:
        found = driver_at(session.connection())
        known = session.info["driver"] = (session.get_transaction(), found)
    return known[1]


def driver_at(connection: Connection) -> Driver:
    """Returns the driver of SQLAlchemy's connection."""
    pooled = connection.connection
    found: Driver | None = pooled.info.get("driver")
    if found is None:
        found = pooled.info["driver"] = _driver(pooled.dbapi_connection)
    return found


def sync(connection: Connection) -> None:
    """Waits for the statements that were sent on a connection, before anybody else uses it."""
    found: Driver | None = None if connection.invalidated else connection.connection.info.get("driver")
    if found is not None:
        found.sync()


@lru_cache
def native_dialect(dialect: Dialect) -> Dialect:
    """Returns the dialect in which a driver takes SQL."""
    return dialect if dialect.name == "sqlite" else _postgresql().dialect()


def _driver(connection: object) -> Driver:
    if isinstance(connection, sqlite3.Connection):
        return SqliteDriver(connection)
    found: Driver = _postgresql().driver_of(connection)
    return found


def _postgresql() -> ModuleType:
    """Imports PostgreSQL's driver, which takes a tenth of a second that a start on SQLite need not wait for."""
    return import_module("storage.engine.postgresql")


def sqlalchemy_error(error: Exception, base: type[Exception], *, is_lost: bool = False) -> DBAPIError:
    """Returns SQLAlchemy's error for one of a driver's.

    `base` is the root of the driver's errors; `is_lost` says whether the connection was lost.
    """
    found = DBAPIError.instance(None, None, error, base, hide_parameters=True, connection_invalidated=is_lost)
    return cast("DBAPIError", found)
