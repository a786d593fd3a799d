"""Statements on the path of an update, made ready once for the engine's driver.

Each time that SQLAlchemy executes a statement, it works out anew which value stands where, how it is converted, and how
rows are read: five times as long as SQLite takes for it. Here that is worked out once, for both
engines' drivers. What it cannot make ready (lists of values, defaults by SQL), SQLAlchemy executes itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, NoReturn, cast

from sqlalchemy import JSON, BindParameter, ClauseElement, ColumnDefault, ColumnElement, Executable, Insert, Select
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapper, class_mapper
from sqlalchemy.orm.attributes import instance_dict, instance_state
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine
from sqlmodel import Session, SQLModel

from storage.engine.drivers import native_dialect
from storage.engine.json_text import as_text
from storage.tables.columns import UtcDateTime

MOST = 256
"""How many statements are kept ready; the program has some forty."""

MOMENTS = 1024
"""How many moments are remembered as the driver takes and gives them."""

VALUE = ""
"""What stands for a column's name where a single value is read."""

Convert = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class Place:
    """One parameter of a statement: given by the caller, or made anew at each call, or fixed."""

    name: str
    convert: Convert
    make: Callable[[], Any] | None
    fixed: Any


@dataclass(frozen=True, slots=True)
class Part:
    """One element of a row: a value, or the columns of a table, which become an object."""

    names: tuple[str, ...]
    converting: tuple[tuple[str, Callable[[Any], Any]], ...]
    """The columns, few of many, whose values the driver gives in another form than the program reads."""
    mapper: Mapper[Any] | None = None

    def read(self, session: Session, values: Sequence[Any]) -> Any:
        """Returns the value, or the session's object of the row; None where an outer join found none."""
        known = dict(zip(self.names, values, strict=True))
        for name, convert in self.converting:
            value = known[name]
            if value is not None:
                known[name] = convert(value)
        return known[VALUE] if self.mapper is None else held(session, self.mapper, known)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A compiled statement with the converters of its parameters and columns."""

    sql: str
    order: tuple[tuple[str, Convert], ...]
    """What stands where, and how the driver takes it."""
    fixed: dict[str, Any]
    made: dict[str, Callable[[], Any]]
    """What the caller need not name: what is the same each time, and what is made anew."""
    parts: tuple[Part, ...]
    """What each row holds; nothing, where it gives no rows."""
    is_plain: bool
    """Whether the driver's rows are what the caller reads."""

    def values(self, given: Mapping[str, Any]) -> list[Any]:
        """Returns all values in the order of the parameters."""
        known = {**self.fixed, **given}
        for name, make in self.made.items():
            if name not in given:
                known[name] = make()
        return [known[name] if convert is None else convert(known[name]) for name, convert in self.order]

    def rows(self, session: Session, found: list[Any]) -> list[Any]:
        """Converts the driver's rows."""
        if not self.parts:
            return []
        return found if self.is_plain else [self._row(session, row) for row in found]

    def _row(self, session: Session, row: Sequence[Any]) -> tuple[Any, ...]:
        read, at = [], 0
        for part in self.parts:
            end = at + len(part.names)
            read.append(part.read(session, row[at:end]))
            at = end
        return tuple(read)


def held(session: Session, mapper: Mapper[Any], known: dict[str, Any]) -> Any:
    """Returns the session's object of a whole row: the one in its identity map, or a new one.

    A new one is made as SQLAlchemy makes those that it loads. What it has for objects from elsewhere
    (`make_transient_to_detached`, then `Session.add`) looks at each anew, and takes thrice as long.
    """
    identity = tuple(known[column.key or ""] for column in mapper.primary_key)
    if None in identity:
        return None
    key = mapper.identity_key_from_primary_key(identity)
    found = session.identity_map.get(key)
    if found is None:
        found = mapper.class_manager.new_instance()
        instance_dict(found).update(known)
        state = instance_state(found)
        state.key, state.session_id = key, session.hash_key
        session.identity_map.add(state)
    return found


@lru_cache(MOST)
def prepare(statement: Executable, dialect: Dialect, named: tuple[str, ...]) -> Prepared | None:
    """Compiles a statement, given the names of its values; returns None where SQLAlchemy has to execute it."""
    dialect = native_dialect(dialect)
    column_keys = list(named) if isinstance(statement, Insert) else None
    compiled = cast("ClauseElement", statement).compile(dialect=dialect, column_keys=column_keys)
    if not isinstance(compiled, SQLCompiler) or compiled.post_compile_params or compiled.literal_execute_params:
        return None
    defaults = _defaults(compiled)
    if defaults is None or compiled.positiontup is None:
        return None
    places = [_place(compiled.binds[name], name, dialect, defaults.get(name)) for name in compiled.positiontup]
    parts = tuple(_parts(statement, dialect))
    is_plain = all(part.mapper is None and not part.converting for part in parts)
    return Prepared(
        compiled.string,
        order=tuple((place.name, place.convert) for place in places),
        fixed={place.name: place.fixed for place in places if place.make is None},
        made={place.name: place.make for place in places if place.make is not None},
        parts=parts,
        is_plain=is_plain,
    )


def _defaults(compiled: SQLCompiler) -> dict[str, ColumnDefault] | None:
    """Returns the defaults of columns that an INSERT need not name; None where the database makes one of them."""
    found = {column.key: column.default for column in compiled.insert_prefetch}
    known = {name: default for name, default in found.items() if isinstance(default, ColumnDefault)}
    by_sql = len(known) < len(found) or any(default.is_clause_element for default in known.values())
    return None if by_sql else known


def _place(bind: BindParameter[Any], name: str, dialect: Dialect, default: ColumnDefault | None) -> Place:
    convert = _writer(bind.type, dialect)
    if default is not None and default.is_callable:
        return Place(name, convert, partial(default.arg, None), None)
    if default is None and bind.required:
        return Place(name, convert, partial(_missing, name), None)
    return Place(name, convert, None, bind.effective_value if default is None else default.arg)


def _missing(name: str) -> NoReturn:
    raise LookupError(f"the statement needs a value for {name}")


def _parts(statement: Executable, dialect: Dialect) -> Iterable[Part]:
    if not isinstance(statement, Select):
        return
    for described in statement.column_descriptions:
        expression = described["expr"]
        if isinstance(expression, type) and issubclass(expression, SQLModel):
            mapper = class_mapper(expression)
            yield _part({column.key: column for column in mapper.local_table.c}, dialect, mapper)
        else:
            yield _part({VALUE: expression}, dialect)


def _part(columns: dict[str, ColumnElement[Any]], dialect: Dialect, mapper: Mapper[Any] | None = None) -> Part:
    readers = {name: _reader(column, dialect) for name, column in columns.items()}
    return Part(tuple(columns), tuple((name, read) for name, read in readers.items() if read is not None), mapper)


def _writer(kind: TypeEngine[Any], dialect: Dialect) -> Convert:
    if isinstance(kind, UtcDateTime):
        return _moments(dialect)[0]
    if isinstance(kind, JSON):
        return as_text
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _reader(column: ColumnElement[Any], dialect: Dialect) -> Convert:
    if isinstance(column.type, UtcDateTime):
        return _moments(dialect)[1]
    return column.type.dialect_impl(dialect).result_processor(dialect, None)


@lru_cache(MOST)
def _moments(dialect: Dialect) -> tuple[Convert, Convert]:
    """Returns the converters of moments to the driver and from it, with one cache for all columns.

    They come again and again: a unit of work writes the present one into a dozen places.
    """
    known = UtcDateTime().dialect_impl(dialect)
    return _remembered(known.bind_processor(dialect)), _remembered(known.result_processor(dialect, None))


def _remembered(convert: Convert) -> Convert:
    return convert and lru_cache(MOMENTS)(convert)
