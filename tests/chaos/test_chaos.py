"""Ten kills in the middle of everything; `make chaos` has two hundred."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.reckoning import happened, reckon
from tests.chaos.storm import storm
from tests.runtime.process import Zygote
from tests.runtime.several import EACH_TWICE, EVERYTHING, installed

pytestmark = pytest.mark.timeout(1_200)


async def test_a_storm_loses_doubles_and_forgets_nothing(tmp_path: Path, database_url: str, zygote: Zygote) -> None:
    parts = (EVERYTHING,) if database_url.startswith("sqlite") else EACH_TWICE
    async with installed(tmp_path, database_url, zygote, parts=parts, owners=30, butlers=4, kind="group") as there:
        passed = await storm(there, kills=10, seed=5)
        found = reckon(passed)
        print(f"{passed.kills} kills, {len(passed.crowd.sent)} wishes, {happened(there)}: {found}")
        assert found.well
        assert there.telegram.violations == []
        assert "Traceback" not in there.logs()
