"""`concierge backup --keep` and `concierge restore --check`: what a timer of the machine's runs, night after night."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from concierge_bot.commands import backup_folders
from concierge_bot.desk.operations.drills import EVERY, RESTORE_DRILL
from storage.tables.installation import InstallationFact
from tests.runtime.harness import only_sqlite
from tests.support.commands import Ended, Home

OLDER = ("concierge-20250101T031500Z.zip", "concierge-20250102T031500Z.zip", "concierge-20250103T031500Z.zip")
NOT_OURS = ("concierge.zip", "holidays.zip", "concierge-20250101T031500Z.zip.part", "concierge-20250101.zip")


def _line(ended: Ended) -> str:
    assert (ended.status, ended.said) == (1, "")
    (line,) = ended.complained.splitlines()
    return line


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def test_d6_the_newest_backups_are_kept_and_nothing_else_is_touched(home: Home, tmp_path: Path) -> None:
    home.migrated()
    folder = tmp_path / "backups"
    folder.mkdir()
    for name in OLDER + NOT_OURS:
        (folder / name).touch()
    (folder / "concierge-20240101T000000Z.zip").mkdir()
    (folder / "concierge-20240102T000000Z.zip").symlink_to(folder / "holidays.zip")
    others = {path.name for path in folder.iterdir()} - set(OLDER)
    ended = await home.run("backup", "--keep", "3", str(folder))
    assert (ended.status, ended.complained) == (0, "")
    assert ended.said.endswith("; 3 backups are kept\n")
    new = backup_folders.newest(folder)
    assert _names(folder) == {*OLDER[1:], *others, new.name}
    assert stat.S_IMODE(new.stat().st_mode) == 0o600
    assert new.name > OLDER[-1]


@only_sqlite
async def test_d6_backups_of_one_second_stand_beside_each_other(home: Home, tmp_path: Path) -> None:
    home.migrated()
    for _ in range(3):
        ended = await home.run("backup", "--keep", "12", str(tmp_path))
        assert (ended.status, ended.complained) == (0, "")
    assert len(backup_folders.archives(tmp_path)) == 3


def test_d6_the_second_of_a_second_is_the_newer_one(tmp_path: Path) -> None:
    at, made = datetime(2026, 11, 27, 3, 15, tzinfo=UTC), []
    for _ in range(11):
        made.append(backup_folders.free(tmp_path, at))
        made[-1].touch()
    assert [path.name for path in made[:2]] == ["concierge-20261127T031500Z.zip", "concierge-20261127T031500Z-2.zip"]
    assert backup_folders.archives(tmp_path) == made[::-1]


@only_sqlite
async def test_d6_a_backup_just_made_stays_though_another_bears_a_later_date(home: Home, tmp_path: Path) -> None:
    home.migrated()
    (tmp_path / "concierge-20990101T000000Z.zip").touch()
    assert (await home.run("backup", "--keep", "1", str(tmp_path))).status == 0
    (left,) = [name for name in _names(tmp_path) if name.startswith("concierge-")]
    assert left.startswith("concierge-202")


async def test_d6_the_folder_is_made_for_its_owner_alone(home: Home, tmp_path: Path) -> None:
    home.migrated()
    folder = tmp_path / "backups"
    assert (await home.run("backup", "--keep", "14", str(folder))).status == 0
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert len(_names(folder)) == 1


async def test_d6_a_backup_that_fails_deletes_none_of_those_before(home: Home, tmp_path: Path) -> None:
    for name in OLDER:
        (tmp_path / name).touch()
    home.set(DATABASE_URL=f"sqlite:///{tmp_path}/nothing.sqlite")
    assert "There is no database" in _line(await home.run("backup", "--keep", "1", str(tmp_path)))
    assert set(OLDER) <= _names(tmp_path)


@only_sqlite
async def test_d6_what_cannot_be_kept_so_is_said_in_one_line(home: Home, tmp_path: Path) -> None:
    home.migrated()
    (tmp_path / "file").touch()
    assert "is a file: with --keep, name the folder" in _line(await home.run("backup", "--keep", "2", "file"))
    assert "cannot be made: No such file" in _line(await home.run("backup", "--keep", "2", "no/such/folder"))
    assert "There is no backup in" in _line(await home.run("restore", "--check", str(tmp_path)))
    assert (await home.run("backup", "--keep", "0", "folder")).status == 2
    assert (await home.run("backup", "--keep", "2", "--force", "folder")).status == 2
    assert (await home.run("restore", "--check", "--replace", "kept.zip")).status == 2


async def test_d6_a_restore_drill_is_remembered_and_the_doctor_shows_it(home: Home, tmp_path: Path) -> None:
    home.migrated()
    assert "! restore drill: No backup was ever restored on trial" in (await home.run("doctor")).said
    folder = tmp_path / "backups"
    await home.run("backup", "--keep", "14", str(folder))
    ended = await home.run("restore", "--check", str(folder))
    assert (ended.status, ended.complained) == (0, "")
    assert ended.said.startswith(f"{backup_folders.newest(folder)}: restored on trial, ")
    assert "✓ restore drill: succeeded on 20" in (await home.run("doctor")).said
    with home.books.session() as session:
        session.get_one(InstallationFact, RESTORE_DRILL).at -= EVERY + timedelta(days=1)
    assert "! restore drill: The last one that succeeded was on 20" in (await home.run("doctor")).said
    assert (await home.run("restore", "--check", str(backup_folders.newest(folder)))).status == 0
    assert "✓ restore drill: succeeded on 20" in (await home.run("doctor")).said
    with home.books.session() as session:
        session.get_one(InstallationFact, RESTORE_DRILL).value = "2026-01-01T03:15:00+00:00"
    said = (await home.run("doctor")).said
    assert "with the backup of 2026-01-01 03:15 UTC, an old one already: are backups still made?" in said


async def test_d6_a_damaged_backup_fails_its_drill_and_changes_nothing(home: Home, tmp_path: Path) -> None:
    home.migrated()
    await home.run("backup", "--keep", "2", str(tmp_path / "backups"))
    kept = backup_folders.newest(tmp_path / "backups")
    kept.write_bytes(kept.read_bytes()[:-200])
    assert "is damaged" in _line(await home.run("restore", "--check", str(tmp_path / "backups")))
    with home.books.session() as session:
        assert session.get(InstallationFact, RESTORE_DRILL) is None


@pytest.mark.parametrize("names", [OLDER, OLDER + NOT_OURS])
def test_the_newest_of_a_folder_is_the_latest_by_its_name(tmp_path: Path, names: tuple[str, ...]) -> None:
    for name in names:
        (tmp_path / name).touch()
    assert backup_folders.newest(tmp_path).name == OLDER[-1]
