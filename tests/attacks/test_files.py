"""Files that hold what owners told us are for nobody else on the machine."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from storage import schema
from storage.engine.unit import Storage


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=oct)
def _umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.mark.usefixtures("_umask")
def test_the_database_and_what_stands_beside_it_are_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "concierge.sqlite"
    storage = Storage(f"sqlite:///{file}")
    schema.upgrade(storage)
    with storage.unit() as session:
        session.connection().execute(text("CREATE TABLE probe (id INTEGER)"))
        found = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    storage.close()
    assert found == dict.fromkeys(("concierge.sqlite", "concierge.sqlite-wal", "concierge.sqlite-shm"), 384)
