"""CONTRIBUTING's "Add a capability" is followed: an example is added to a copy of the program, and lives there.

It brings a table, a command, two taps, a kind of card, a timer with a late chain, and something that keeps a request
open. Of the program two files change besides its own, by a line for the import and a line in a list.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from storage import schema

ROOT = Path(__file__).parents[2]
EXAMPLE = Path(__file__).parent / "example"
PROGRAM = ("concierge_bot", "handlers", "storage")
COPIED = (*PROGRAM, "locales", "tests", "pyproject.toml", "README.md")
LINES = {
    "concierge_bot/desk/capabilities.py": (
        (
            "from concierge_bot.desk.menus",
            "from concierge_bot.desk.lost_property.capability import CAPABILITY as LOST\n",
        ),
        ("        REPORTS,\n", "        LOST,\n"),
    ),
    "handlers/routing/dispatcher.py": (
        ("    menus,\n", "    lost_property,\n"),
        ("        menus.router(),\n", "        lost_property.router(),\n"),
    ),
}
"""By file: the lines that are added, each before another one."""


def _copied(folder: Path) -> Path:
    """Copies the program and its tests."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("example", "upgrade"))
        else:
            shutil.copy(source, folder / name)
    return folder


def _extended(folder: Path) -> None:
    """Adds the example: files of its own, and the lines."""
    shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    (migration,) = folder.glob("storage/migrations/versions/0900_*.py")
    migration.write_text(migration.read_text().replace("THE VERSION BEFORE", schema.needed()))
    for name, lines in LINES.items():
        path = folder / name
        text = path.read_text()
        for before, line in lines:
            assert text.count(before) == 1
            text = text.replace(before, line + before)
        path.write_text(text)


def _changed(folder: Path) -> list[str]:
    """Lists the files of the program that are not as they were."""
    names = [str(path.relative_to(ROOT)) for part in PROGRAM for path in sorted((ROOT / part).rglob("*.py"))]
    return [name for name in names if (folder / name).read_bytes() != (ROOT / name).read_bytes()]


def _run(folder: Path, *arguments: str) -> None:
    """Runs Python on the copy; it must end well."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    ran = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**environment, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-2000:]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program with the example."""
    folder = _copied(tmp_path_factory.mktemp("program"))
    _extended(folder)
    return folder


def test_it_touches_two_files(copy: Path) -> None:
    assert _changed(copy) == sorted(LINES)


def test_its_imports_run_downward(copy: Path) -> None:
    _run(copy, "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache")


@pytest.mark.timeout(900)
def test_it_lives_and_the_tables_of_attacks_and_the_rules_of_the_house_hold(copy: Path) -> None:
    rules = ("tests/test_house_rules.py", "tests/storage/test_migrations.py")
    attacks = (
        "no_button_is_forgotten",
        "no_right_is_forgotten",
        "no_command_is_forgotten",
        "every_button_has_a_handler",
    )
    tables = (f"tests/attacks/test_attacks.py::test_{name}" for name in attacks)
    _run(copy, "-m", "pytest", "-q", "tests/lost_property", *rules, *tables)
