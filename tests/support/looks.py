"""Reads of the database, from a test."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlmodel import SQLModel, select

from tests.support.world import World

Row = TypeVar("Row", bound=SQLModel)


async def rows(world: World, table: type[Row], *conditions: Any) -> list[Row]:
    """Returns the rows of a table, as they are now."""

    def look(desk: Any) -> list[Row]:
        found = list(desk.session.exec(select(table).where(*conditions)))
        for row in found:
            desk.session.expunge(row)
        return found

    found: list[Row] = await world.desk(look)
    return found
