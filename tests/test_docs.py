"""Docs are tested: each command, option and setting that exists is described, and each that is described exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer.main

from concierge_bot.cli import app
from concierge_bot.settings import Settings

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs" / "operators-guide.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("benchmarks/*.md")])


def _commands() -> dict[str, set[str]]:
    """Every command with its options."""
    root = typer.main.get_command(app)
    found: dict[str, set[str]] = {}
    for name, command in root.commands.items():  # type: ignore[attr-defined]
        for path, leaf in getattr(command, "commands", {"": command}).items():
            options = {option for param in leaf.params for option in param.opts if option.startswith("--")}
            found[f"concierge {name} {path}".strip()] = options - {"--help"}
    return found


@pytest.mark.parametrize("command", _commands())
def test_each_command_is_described(command: str) -> None:
    assert f"| `{command}` |" in GUIDE


@pytest.mark.parametrize(
    ("command", "option"), [(name, option) for name, found in _commands().items() for option in sorted(found)]
)
def test_each_option_is_described(command: str, option: str) -> None:
    row = next(line for line in GUIDE.splitlines() if line.startswith(f"| `{command}` |"))
    assert option in row or option.replace("--", "--no-") in row


def test_each_command_that_is_described_exists() -> None:
    described = set(re.findall(r"\| `(concierge [a-z ]+)` \|", GUIDE))
    assert described == set(_commands())


def test_each_setting_is_described_and_exists() -> None:
    described = set(re.findall(r"^\| `CONCIERGE_([A-Z_]+)`", GUIDE, re.MULTILINE))
    assert described == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_and_picture_is_there(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
    missing = [target for target in targets if "://" not in target and not (page.parent / target).exists()]
    assert missing == []


@pytest.mark.parametrize("target", re.findall(r"make ([a-z]+)", (ROOT / "README.md").read_text(encoding="utf-8")))
def test_every_make_target_of_the_readme_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
