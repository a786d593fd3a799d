"""The drivers of both engines, past SQLAlchemy, for statements that are ready: alike for whoever executes them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple, Protocol, cast

import psycopg
from psycopg import abc
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus
from psycopg.rows import TupleRow
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

Values = Sequence[Any]
SUCCESSES = (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK)


class Executed(NamedTuple):
    """The outcome of one statement."""

    rows: list[Any]
    rowcount: int
    """The number of rows that it changed."""
    new_id: int
    """The id of the row that an INSERT wrote; 0 where it wrote none, or one whose id was given."""


class Driver(Protocol):
    """A driver's connection in a transaction. Its methods raise SQLAlchemy's errors, as SQLAlchemy would."""

    def execute(self, sql: str, values: Values) -> Executed:
        """Executes a statement."""

    def execute_all(self, sql: str, values: Sequence[Values]) -> None:
        """Executes a statement once for each of several sets of values."""


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
            raise _as_sqlalchemys(error, sqlite3.Error) from error

    def execute_all(self, sql: str, values: Sequence[Values]) -> None:
        """Executes a statement once for each of several sets of values."""
        try:
            self.connection.executemany(sql, values)
        except sqlite3.Error as error:
            raise _as_sqlalchemys(error, sqlite3.Error) from error


@dataclass(frozen=True, slots=True)
class PostgresqlDriver:
    """psycopg's connection, with its statements prepared at the server.

    A cursor of psycopg's works out at each call what it executes, and waits in Python: four times the processor's time
    of libpq's own call, which psycopg offers as well.
    """

    connection: psycopg.Connection[TupleRow]
    adapters: abc.Transformer
    names: dict[str, bytes] = field(default_factory=dict)
    """The names of the statements that are prepared, by their SQL."""

    def execute(self, sql: str, values: Values = ()) -> Executed:
        """Executes a statement, whose parameters are numbered from `$1`."""
        try:
            name = self.names.get(sql) or self._prepare(sql)
            given = self.adapters.dump_sequence(values, _as_text(len(values)))
            result = self.connection.pgconn.exec_prepared(name, given)  # type: ignore[arg-type]  # None is NULL
            if result.status not in SUCCESSES:
                raise error_from_result(result, "utf-8")
        except psycopg.Error as error:
            raise _as_sqlalchemys(error, psycopg.Error) from error
        rows = self._rows(result)
        return Executed(rows, result.command_tuples or 0, _first_number(rows))

    def execute_all(self, sql: str, values: Sequence[Values]) -> None:
        """Executes a statement once for each of several sets of values, in one round trip."""
        try:
            psycopg.RawCursor(self.connection).executemany(sql.encode(), values)
        except psycopg.Error as error:
            raise _as_sqlalchemys(error, psycopg.Error) from error

    def _prepare(self, sql: str) -> bytes:
        name = f"concierge_{len(self.names)}".encode()
        result = self.connection.pgconn.prepare(name, sql.encode())
        if result.status not in SUCCESSES:
            raise error_from_result(result, "utf-8")
        self.names[sql] = name
        return name

    def _rows(self, result: Any) -> list[Any]:
        if result.ntuples == 0:
            return []
        self.adapters.set_pgresult(result)
        return list(self.adapters.load_rows(0, result.ntuples, tuple))


def driver(session: Session) -> Driver:
    """Returns the driver's connection in the session's transaction. Begins one where there is none yet."""
    transaction = session.get_transaction()
    known: tuple[object, Driver] | None = session.info.get("driver")
    if known is None or transaction is None or known[0] is not transaction:
        pooled = session.connection().connection
        found = pooled.info.get("driver")
        if found is None:
            found = pooled.info["driver"] = _driver(pooled.dbapi_connection)
        known = session.info["driver"] = (session.get_transaction(), found)
    return known[1]


def begin(connection: object, sql: str) -> None:
    """Begins a transaction. Raises SQLAlchemy's errors."""
    if isinstance(connection, sqlite3.Connection):
        SqliteDriver(connection).execute(sql)
        return
    result = cast("psycopg.Connection[TupleRow]", connection).pgconn.exec_(sql.encode())
    if result.status not in SUCCESSES:
        raise _as_sqlalchemys(error_from_result(result, "utf-8"), psycopg.Error)


@lru_cache
def of_driver(dialect: Dialect) -> Dialect:
    """Returns the dialect in which a driver takes SQL: PostgreSQL's server numbers a statement's parameters."""
    if dialect.name == "sqlite":
        return dialect
    return cast("Callable[..., Dialect]", PGDialect_psycopg)(paramstyle="numeric_dollar")


def _driver(connection: object) -> Driver:
    if isinstance(connection, sqlite3.Connection):
        return SqliteDriver(connection)
    real = cast("psycopg.Connection[TupleRow]", connection)
    return PostgresqlDriver(real, Transformer(real))


@lru_cache
def _as_text(count: int) -> list[PyFormat]:
    return [PyFormat.TEXT] * count


def _first_number(rows: list[Any]) -> int:
    """Returns the id that a single row of one column is, as an INSERT gives it back; 0 for all other rows."""
    return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 and isinstance(rows[0][0], int) else 0


def _as_sqlalchemys(error: Exception, base: type[Exception]) -> DBAPIError:
    return cast("DBAPIError", DBAPIError.instance(None, None, error, base, hide_parameters=True))
