"""Each broken situation is named by the doctor in one line, and by `concierge run` where it keeps it from its duty."""

from __future__ import annotations

import asyncio
import inspect
import json
import shutil
import subprocess
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from concierge_bot.commands.checks.finding import SIGNS, Mark
from tests.doctor.scene import Scene, sound
from tests.doctor.situations import SITUATIONS, Situation
from tests.runtime.harness import only_sqlite
from tests.support.commands import Home


@only_sqlite
async def test_d15_a_sound_installation_has_nothing_to_be_named(home: Home) -> None:
    with ExitStack() as stack:
        await sound(home, stack)
        ended = await home.run("doctor")
    assert (ended.status, ended.complained) == (0, "")
    assert all(line.startswith("✓ ") for line in ended.said.splitlines()), ended.said


@only_sqlite
@pytest.mark.parametrize("what", SITUATIONS)
async def test_d15_each_broken_situation_is_named_in_one_line(home: Home, tmp_path: Path, what: str) -> None:
    situation = SITUATIONS[what]
    with ExitStack() as stack:
        scene = await sound(home, stack)
        made = situation.make(scene)
        if inspect.isawaitable(made):
            await made
        said = situation.said.format(here=tmp_path, database=make_url(home.database_url).database)
        await _is_told_to_people(scene, situation, said)
        await _is_told_to_programs(scene, situation, said)
        await _is_told_by_run(scene, situation, said)


def _status(situation: Situation) -> int:
    return 1 if situation.mark is Mark.WRONG else 0


async def _is_told_to_people(scene: Scene, situation: Situation, said: str) -> None:
    ended = await scene.home.run("doctor")
    lines = [line for line in ended.said.splitlines() if not line.startswith("✓ ")]
    assert len(lines) == 1, ended.said
    assert lines[0].startswith(f"{SIGNS[situation.mark]} {situation.check}: {said}")
    assert (ended.status, ended.complained) == (_status(situation), "")
    assert "hush" not in ended.said


async def _is_told_to_programs(scene: Scene, situation: Situation, said: str) -> None:
    ended = await scene.home.run("doctor", "--json")
    told: dict[str, Any] = json.loads(ended.said)
    assert (ended.status, ended.complained) == (_status(situation), "")
    assert told["well"] is (situation.mark is not Mark.WRONG)
    (found,) = [finding for finding in told["findings"] if finding["mark"] != "well"]
    about = f" {found['about']}" if found["about"] else ""
    assert (found["check"].replace("_", " ") + about, found["mark"]) == (situation.check, situation.mark)
    assert found["said"].startswith(said)


async def _is_told_by_run(scene: Scene, situation: Situation, said: str) -> None:
    if situation.run is None:
        return
    ended = await scene.home.run("run")
    assert (ended.status, ended.said) == (situation.run, "")
    assert ended.complained.startswith(f"concierge: {situation.run_says or said}")
    assert ended.complained.count("\n") == 1
    assert "hush" not in ended.complained


def _disk(folder: Path, stack: ExitStack) -> None:
    """Makes a small disk of a folder; skips the test where this machine lets nobody."""
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "none", str(folder)], check=False)
    if mounted.returncode:
        pytest.skip("only root makes a disk of a folder")
    stack.callback(subprocess.run, ["umount", str(folder)], check=True)


@only_sqlite
async def test_d15_a_disk_that_is_full_or_may_only_be_read_is_named(home: Home, tmp_path: Path) -> None:
    with ExitStack() as stack:
        await sound(home, stack)
        disk = tmp_path / "disk"
        _disk(disk, stack)
        shutil.copy(make_url(home.database_url).database or "", disk / "concierge.sqlite")
        (disk / "concierge.sqlite").chmod(0o600)
        home.set(database_url=f"sqlite:///{disk}/concierge.sqlite")
        found = await home.findings()
        assert list(found) == ["database"]
        assert found["database"].startswith(f"The disk of {disk}/concierge.sqlite is full, or nearly so: ")
        assert found["database"].endswith(" MB are free. Make room.")
        await asyncio.to_thread(subprocess.run, ["mount", "-o", "remount,ro", str(disk)], check=True)
        found = await home.findings()
        assert list(found) == ["database"]
        assert found["database"].endswith("/concierge.sqlite cannot be opened or made: Read-only file system.")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_d15_a_postgresql_that_may_only_be_read_is_named(home: Home) -> None:
    with ExitStack() as stack:
        scene = await sound(home, stack)
        name = make_url(home.database_url).database
        scene.sql(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        stack.callback(_allow_writing, home.database_url, str(name))
        found = await home.findings()
        assert list(found) == ["database"]
        assert " may only be read: it has default_transaction_read_only=on. Set that off again." in found["database"]


def _allow_writing(url: str, name: str) -> None:
    with psycopg.connect(url, options="-c default_transaction_read_only=off", autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{name}" RESET ALL'.encode())
