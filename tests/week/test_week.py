"""The first two days of the week, on each database: who hears what is what was read as each of them, and kept."""

from __future__ import annotations

import re

import pytest

from tests.week.__main__ import KEPT, lived

OF_TWO_DAYS = re.compile(r"## ([^:]*)|1[56] (?:Mon|Tue) .*")


def _of_two_days(table: str) -> list[str]:
    found = (OF_TWO_DAYS.match(line) for line in table.splitlines())
    return [match[1] or match[0] for match in found if match]


@pytest.mark.usefixtures("boards")
async def test_two_days_of_an_estate(database_url: str) -> None:
    table, wrong = await lived(database_url, days=2)
    assert wrong == []
    assert _of_two_days(table) == _of_two_days(KEPT.read_text())
