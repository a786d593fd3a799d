"""A list of numbers as one value of a statement, so that the statement is the same whatever its length."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, bindparam, cast, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import SQLCoreOperations
from sqlalchemy.sql.functions import FunctionElement

from storage.tables.columns import PortableJson


class Each(FunctionElement[Any]):
    """The elements of a JSON list as rows of one column, `value`."""

    inherit_cache = True
    name = "each"


def one_of(column: SQLCoreOperations[Any], name: str) -> ColumnElement[bool]:
    """Returns the condition that a column holds one of the numbers of a list, a parameter of this name."""
    each = Each(bindparam(name, type_=PortableJson)).table_valued("value")
    return column.in_(select(cast(each.c.value, BigInteger)))


@compiles(Each, "sqlite")
def _in_sqlite(element: Each, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(Each, "postgresql")
def _in_postgresql(element: Each, compiler: SQLCompiler, **options: Any) -> str:
    return f"jsonb_array_elements_text({compiler.process(element.clauses, **options)})"
