"""PostgreSQL's driver: libpq's own calls, as psycopg offers them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

import psycopg
from psycopg import abc
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus
from psycopg.rows import TupleRow
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine import Dialect

from storage.engine.drivers import Executed, Values, as_sqlalchemys

SUCCESSES = (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK)


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
            raise as_sqlalchemys(error, psycopg.Error) from error
        rows = self._rows(result)
        return Executed(rows, result.command_tuples or 0, _first_number(rows))

    def execute_all(self, sql: str, values: Sequence[Values]) -> None:
        """Executes a statement once for each of several sets of values, in one round trip."""
        try:
            psycopg.RawCursor(self.connection).executemany(sql.encode(), values)
        except psycopg.Error as error:
            raise as_sqlalchemys(error, psycopg.Error) from error

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


def of(connection: psycopg.Connection[TupleRow]) -> PostgresqlDriver:
    """Returns the driver of a connection."""
    return PostgresqlDriver(connection, Transformer(connection))


def begin(connection: psycopg.Connection[TupleRow], sql: str) -> None:
    """Begins a transaction. Raises SQLAlchemy's errors."""
    result = connection.pgconn.exec_(sql.encode())
    if result.status not in SUCCESSES:
        raise as_sqlalchemys(error_from_result(result, "utf-8"), psycopg.Error)


def dialect() -> Dialect:
    """Returns PostgreSQL's dialect with parameters numbered from `$1`, as the server takes them."""
    return cast("Callable[..., Dialect]", PGDialect_psycopg)(paramstyle="numeric_dollar")


@lru_cache
def _as_text(count: int) -> list[PyFormat]:
    return [PyFormat.TEXT] * count


def _first_number(rows: list[Any]) -> int:
    """Returns the id that a single row of one column is, as an INSERT gives it back; 0 for all other rows."""
    return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 and isinstance(rows[0][0], int) else 0
