"""The first days of the week: who hears what is what was read as each of them, and kept."""

from __future__ import annotations

import re

import pytest

from tests.week.__main__ import KEPT, lived

DAYS = {"sqlite": 2, "postgresql": 1}
"""How many days are lived through: the night between the two takes as long as a day, and needs one database only."""


def _of_days(days: int, table: str) -> list[str]:
    """Returns the heads and the lines of the first days of a table."""
    known = re.compile(rf"## ([^:]*)|1[5-{4 + days}] (?:Mon|Tue) .*")
    found = (known.match(line) for line in table.splitlines())
    return [match[1] or match[0] for match in found if match]


@pytest.mark.usefixtures("boards")
async def test_first_days_of_an_estate(database_url: str) -> None:
    days = DAYS[database_url.partition(":")[0].partition("+")[0]]
    table, wrong = await lived(database_url, days=days)
    assert wrong == []
    assert _of_days(days, table) == _of_days(days, KEPT.read_text())
