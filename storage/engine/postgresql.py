"""PostgreSQL's driver: libpq's own calls, as psycopg offers them."""

from __future__ import annotations

import select
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

import psycopg
from psycopg import abc
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus
from psycopg.pq.abc import PGresult
from psycopg.rows import TupleRow
from sqlalchemy import BindParameter
from sqlalchemy.dialects.postgresql.psycopg import PGCompiler_psycopg, PGDialect_psycopg
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError

from storage.engine.drivers import Count, Executed, Values, sqlalchemy_error

SUCCESSES = (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK)
MOST_SENT = 64
"""How many statements may be under way: their results must fit the socket, since nobody reads meanwhile."""
IDS_AT_ONCE = 32
DRAW = "SELECT nextval(pg_get_serial_sequence($1::VARCHAR, 'id')) FROM generate_series(1, $2::INTEGER)"


@dataclass(slots=True)
class PostgresqlDriver:
    """psycopg's connection, with its statements prepared at the server.

    A cursor of psycopg's works out at each call what it executes, and waits in Python: four times the processor's time
    of libpq's own calls, which psycopg offers as well. Statements whose outcome nobody needs go along with the next one
    in libpq's pipeline mode: each round trip costs a change of threads and of processes.
    """

    connection: psycopg.Connection[TupleRow]
    adapters: abc.Transformer
    readable: select.poll
    """Waits until the server has sent something."""
    names: dict[str, bytes] = field(default_factory=dict)
    """The names of the statements that are prepared, by their SQL."""
    sent: int = 0
    """The number of statements in the pipeline, whose results were not fetched yet."""
    counting: dict[int, Count] = field(default_factory=dict)
    """Who waits for the number of rows that a statement in the pipeline changes, by its place there."""
    drawn: dict[str, list[int]] = field(default_factory=dict)
    """Ids drawn from a table's sequence, and not given to a row yet."""

    def execute(self, sql: str, values: Values = ()) -> Executed:
        """Executes a statement, whose parameters are numbered from `$1`."""
        try:
            name, given = self._ready(sql, values)
            if self.sent:
                self._send(name, given)
                result = self._fetched()
            else:
                result = self.connection.pgconn.exec_prepared(name, given)
                _check(result)
        except psycopg.Error as error:
            raise self._raised(error) from error
        rows = self._rows(result)
        return Executed(rows, result.command_tuples or 0, _first_number(rows))

    def execute_all(self, sql: str, values: Sequence[Values]) -> None:
        """Executes a statement once for each of several sets of values, in one round trip."""
        for each in values:
            self.send(sql, each)
        self.sync()

    def send(self, sql: str, values: Values) -> None:
        """Sends a statement whose outcome nobody needs. Its error is raised by whatever comes next, or by `sync`."""
        if self.sent >= MOST_SENT:
            self.sync()
        try:
            name, given = self._ready(sql, values)
            if not self.sent:
                self.connection.pgconn.enter_pipeline_mode()
            self._send(name, given)
        except psycopg.Error as error:
            raise self._raised(error) from error

    def send_counted(self, sql: str, values: Values) -> Count:
        """Sends a statement, of which nobody needs more than the number of rows it changed, and that only later."""
        self.send(sql, values)
        count = self.counting[self.sent - 1] = Count(self.sync)
        return count

    def new_id(self, table: str) -> int:
        """Returns the id of a row that is to be inserted: its INSERT can be sent, and need not be waited for."""
        drawn = self.drawn.setdefault(table, [])
        if not drawn:
            rows = self.execute(DRAW, (table, IDS_AT_ONCE)).rows
            drawn.extend(sorted((row[0] for row in rows), reverse=True))
        return drawn.pop()

    def begin(self, sql: str) -> None:
        """Begins a transaction, along with its first statement."""
        self.send(sql, ())

    def sync(self) -> None:
        """Waits for all that was sent. Raises SQLAlchemy's error for the first statement that failed."""
        if self.sent:
            try:
                self._fetched()
            except psycopg.Error as error:
                raise self._raised(error) from error

    def _ready(self, sql: str, values: Values) -> tuple[bytes, Any]:
        """Returns the name of a prepared statement, and its values as the server reads them."""
        name = self.names.get(sql)
        if name is None:
            if self.sent:
                self._fetched()
            name = f"concierge_{len(self.names)}".encode()
            _check(self.connection.pgconn.prepare(name, sql.encode()))
            self.names[sql] = name
        return name, self.adapters.dump_sequence(values, _as_text(len(values)))

    def _send(self, name: bytes, given: Any) -> None:
        self.connection.pgconn.send_query_prepared(name, given)
        self.sent += 1

    def _fetched(self) -> PGresult:
        """Fetches the results of all that was sent, and leaves the pipeline. Returns the last one."""
        pgconn = self.connection.pgconn
        pgconn.pipeline_sync()
        count, self.sent = self.sent, 0
        counting, self.counting = self.counting, {}
        results = [self._next_result() for _ in range(count)]
        if self._next_result(ends=False).status != ExecStatus.PIPELINE_SYNC:
            raise psycopg.OperationalError("the pipeline did not come to its end")
        pgconn.exit_pipeline_mode()
        for place, result in enumerate(results):
            _check(result)
            if place in counting:
                counting[place].rowcount = result.command_tuples or 0
        return results[-1]

    def _next_result(self, *, ends: bool = True) -> PGresult:
        """Fetches a result, and the None that ends those of a statement."""
        self._await_result()
        result = self.connection.pgconn.get_result()
        if result is None:
            raise psycopg.OperationalError("the connection was lost")
        while ends and self.connection.pgconn.get_result() is not None:
            continue
        return result

    def _await_result(self) -> None:
        """Waits for the next result. `get_result` would wait itself, and keep the interpreter from the event loop."""
        pgconn = self.connection.pgconn
        while pgconn.is_busy():
            self.readable.poll()
            pgconn.consume_input()

    def _raised(self, error: psycopg.Error) -> DBAPIError:
        return sqlalchemy_error(error, psycopg.Error, is_lost=self.connection.pgconn.status == ConnStatus.BAD)

    def _rows(self, result: PGresult) -> list[Any]:
        if result.ntuples == 0:
            return []
        self.adapters.set_pgresult(result)
        return list(self.adapters.load_rows(0, result.ntuples, tuple))


def _check(result: PGresult) -> None:
    """Raises psycopg's error where a statement failed."""
    if result.status not in SUCCESSES:
        raise error_from_result(result, "utf-8")


def driver_of(connection: psycopg.Connection[TupleRow]) -> PostgresqlDriver:
    """Returns the driver of a connection."""
    readable = select.poll()
    readable.register(connection.pgconn.socket, select.POLLIN)
    return PostgresqlDriver(connection, Transformer(connection), readable)


class _Compiler(PGCompiler_psycopg):
    """Writes what is the same at each call into the SQL itself.

    A prepared statement is planned once for all values of its parameters: with the state of a row as one of them, the
    server can use no index of the rows in that state, and reads the whole queue.
    """

    def visit_bindparam(self, bindparam: BindParameter[Any], *given: Any, **named: Any) -> str:
        is_fixed = bindparam.unique and bindparam.callable is None and not (bindparam.required or bindparam.expanding)
        if is_fixed and isinstance(bindparam.value, str | int):
            return str(self.render_literal_bindparam(bindparam, **named))  # type: ignore[no-untyped-call]
        return str(super().visit_bindparam(bindparam, *given, **named))  # type: ignore[no-untyped-call]


class _Dialect(PGDialect_psycopg):
    statement_compiler = _Compiler
    supports_statement_cache = True


def dialect() -> Dialect:
    """Returns PostgreSQL's dialect with parameters numbered from `$1`, as the server takes them."""
    return cast("Callable[..., Dialect]", _Dialect)(paramstyle="numeric_dollar")


@lru_cache
def _as_text(count: int) -> list[PyFormat]:
    return [PyFormat.TEXT] * count


def _first_number(rows: list[Any]) -> int:
    """Returns the id that a single row of one column is, as an INSERT gives it back; 0 for all other rows."""
    return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 and isinstance(rows[0][0], int) else 0
