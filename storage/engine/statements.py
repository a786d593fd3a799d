"""Statements that both engines know, each by a name of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, TypeVar, cast

from sqlalchemy import CursorResult, Executable, Insert, Result, Select, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import class_mapper
from sqlmodel import Session, SQLModel

from storage.engine.drivers import driver
from storage.engine.prepared import held, prepare

Row = TypeVar("Row", bound=SQLModel)
LAST_ID = select(func.last_insert_rowid())


@dataclass(frozen=True, slots=True)
class Found:
    """The outcome of a statement."""

    rows: Sequence[Any]
    """The rows, as tuples."""
    rowcount: int
    """How many rows it changed."""
    key: int = 0
    """The id of the row that it wrote."""

    def scalars(self) -> list[Any]:
        """Returns the first element of each row."""
        return [row[0] for row in self.rows]


def insert_new(session: Session, table: type[SQLModel]) -> postgresql.Insert | sqlite.Insert:
    """Returns an INSERT … ON CONFLICT DO NOTHING."""
    return _insert_new(session.get_bind().dialect.name, table)


def run(session: Session, statement: Executable, **values: object) -> Found:
    """Executes a statement with values for its parameters. Objects of the session do not see its changes.

    For statements that are made once, with `bindparam`: making one takes longer than executing it. What the session was
    given before is written first. A table that is selected gives objects of the session.
    """
    session.flush()
    prepared = prepare(statement, session.get_bind().dialect, tuple(values))
    if prepared is None:
        return _run_by_sqlalchemy(session, statement, values)
    done = driver(session).execute(prepared.sql, prepared.values(values))
    return Found(prepared.rows(session, done.rows), done.rowcount, done.new_id)


def run_all(session: Session, statement: Executable, values: Sequence[dict[str, Any]]) -> None:
    """Executes a statement once for each of several sets of values, in one batch."""
    if not values:
        return
    session.flush()
    prepared = prepare(statement, session.get_bind().dialect, tuple(values[0]))
    if prepared is None:
        session.connection().execute(statement, values)
    else:
        driver(session).execute_all(prepared.sql, [prepared.values(each) for each in values])


def send(session: Session, statement: Executable, **values: object) -> None:
    """Executes a statement whose outcome nobody needs: PostgreSQL is not waited for.

    Its error is raised by whatever comes next in the transaction, at the latest by the commit.
    """
    session.flush()
    prepared = prepare(statement, session.get_bind().dialect, tuple(values))
    if prepared is None:
        _run_by_sqlalchemy(session, statement, values)
    else:
        driver(session).send(prepared.sql, prepared.values(values))


def send_counted(session: Session, statement: Executable, **values: object) -> Callable[[], int]:
    """Executes a statement, and returns a function that tells how many rows it changed.

    PostgreSQL is waited for at the next statement whose outcome is needed at once, or when the number is asked for.
    """
    session.flush()
    prepared = prepare(statement, session.get_bind().dialect, tuple(values))
    if prepared is None:
        raise LookupError("a statement that is counted later must be one that can be made ready")
    return driver(session).send_counted(prepared.sql, prepared.values(values))


def send_row(session: Session, table: type[SQLModel], **values: object) -> None:
    """Inserts a row whose id nobody needs."""
    send(session, _insert(table), **values)


def send_new(session: Session, table: type[SQLModel], **values: object) -> None:
    """Inserts a row unless it conflicts with one that is there."""
    send(session, insert_new(session, table), **values)


def write(session: Session, table: type[SQLModel], **values: object) -> int:
    """Inserts a row without making an object of it; returns its id."""
    return run(session, _insert(table), **values).key


def add(session: Session, table: type[Row], **values: object) -> Row:
    """Inserts a row and returns it as an object of the session, in a fifth of the time of its unit of work.

    What is not named gets its default; a column without one must be named.
    """
    known = _filled(table, values)
    return cast("Row", held(session, class_mapper(table), known | {"id": write(session, table, **known)}))


def add_sent(session: Session, table: type[Row], **values: object) -> Row:
    """Does the same for a table whose ids nobody counts: PostgreSQL is not waited for, and ids may come out of order.

    A process draws some ids at once, and those that it does not use are left out.
    """
    name = str(class_mapper(table).local_table)
    new_id = driver(session).new_id(name)
    if new_id is None:
        return add(session, table, **values)
    known = _filled(table, values) | {"id": new_id}
    send(session, _insert(table), **known)
    return cast("Row", held(session, class_mapper(table), known))


def write_new(session: Session, table: type[SQLModel], **values: object) -> bool:
    """Inserts a row unless it conflicts with one that is there. Returns whether it was written."""
    return run(session, insert_new(session, table), **values).rowcount == 1


def write_all_new(session: Session, table: type[SQLModel], key: str, rows: Sequence[dict[str, Any]]) -> set[int]:
    """Inserts the rows that conflict with none that is there; returns their keys."""
    if session.get_bind().dialect.name == "sqlite":
        return {row[key] for row in rows if write_new(session, table, **row)}
    statement = insert_new(session, table).returning(class_mapper(table).c[key])  # one way to the server for all
    return set(session.connection().execute(statement, rows).scalars())


def write_all(session: Session, table: type[SQLModel], rows: Sequence[dict[str, Any]]) -> Sequence[int]:
    """Inserts many rows in one batch; returns their ids, in the order of the rows.

    What is not named gets its default. All rows name the same columns.
    """
    if not rows:
        return []
    plain, made = _defaults(table)
    filled = [plain | {name: make() for name, make in made.items()} | row for row in rows]
    if session.get_bind().dialect.name != "sqlite":
        session.flush()
        written = insert(table).returning(class_mapper(table).c["id"], sort_by_parameter_order=True)
        return session.connection().execute(written, filled).scalars().all()
    run_all(session, _insert(table), filled)
    last = run(session, LAST_ID).scalars()[0]  # the one who may write gets numbers in a row
    return range(last - len(rows) + 1, last + 1)


def _run_by_sqlalchemy(session: Session, statement: Executable, values: dict[str, Any]) -> Found:
    result: Result[Any] = (
        session.execute(statement, values) if isinstance(statement, Select) else _core(session, statement, values)
    )
    if isinstance(result, CursorResult) and result.is_insert:
        key = result.inserted_primary_key
        return Found((), result.rowcount, int(key[0]) if key and isinstance(key[0], int) else 0)
    if isinstance(result, CursorResult) and not result.returns_rows:
        return Found((), result.rowcount)
    return Found(result.all(), -1)


def _core(session: Session, statement: Executable, values: dict[str, Any]) -> CursorResult[Any]:
    """Executes past the session's objects, whose synchronisation takes longer than the statement."""
    return session.connection().execute(statement, values)


def _filled(table: type[SQLModel], values: dict[str, object]) -> dict[str, object]:
    plain, made = _defaults(table)
    return plain | {name: make() for name, make in made.items() if name not in values} | values


@cache
def _insert(table: type[SQLModel]) -> Insert:
    return insert(table)


@cache
def _defaults(table: type[SQLModel]) -> tuple[dict[str, object], dict[str, Callable[[], object]]]:
    """Returns the fixed defaults of a table's columns, and the factories of the others."""
    fields = {name: field for name, field in table.model_fields.items() if name != "id" and not field.is_required()}
    plain = {name: field.default for name, field in fields.items() if field.default_factory is None}
    return plain, {name: partial(fields[name].get_default, call_default_factory=True) for name in fields.keys() - plain}


@cache
def _insert_new(dialect: str, table: type[SQLModel]) -> postgresql.Insert | sqlite.Insert:
    new = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(table).on_conflict_do_nothing()
    return new.execution_options(preserve_rowcount=True)  # else PostgreSQL's is not known: ids are returned as rows
