"""Docs are tested: each command, option and setting that exists is described, and each that is described exists."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import typer.main
import yaml
from babel.messages.pofile import read_po

from concierge_bot.cli import app
from concierge_bot.i18n import DOMAIN, LOCALES
from concierge_bot.settings import Settings

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs" / "operators-guide.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md")])
DECISIONS = sorted(ROOT.glob("docs/decisions/0*.md"))
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
NOT_SAID = {"物业经理"}
"""A word of the field that no sentence has: property managers are told in the words of supervisors."""
READMES = tuple((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md"))
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
HEADINGS = ("What", "Why", "What it cost", "What was left alone")
"""Of a page about a decision, in this order; the first two are always there."""


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
    described = set(re.findall(r"\| `(concierge [a-z -]+)` \|", GUIDE))
    assert described == set(_commands())


def test_each_setting_is_described_and_exists() -> None:
    described = set(re.findall(r"^\| `CONCIERGE_([A-Z_]+)`", GUIDE, re.MULTILINE))
    assert described == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_and_picture_is_there(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
    missing = [target for target in targets if "://" not in target and not (page.parent / target).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_that_is_named_with_its_folder_is_there(page: Path) -> None:
    named = re.findall(
        r"`((?:benchmarks|concierge_bot|deploy|docs|handlers|locales|storage|tests|tools)/[a-z0-9_/.-]+)`",
        page.read_text(encoding="utf-8"),
    )
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("target", re.findall(r"make ([a-z]+)", "\n".join([*READMES, CONTRIBUTING])))
def test_every_make_target_that_is_named_exists(target: str) -> None:
    assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)


def test_make_help_lists_every_target() -> None:
    alone = {
        name: value for name, value in os.environ.items() if not name.startswith("MAKE")
    }  # no child of another make
    said = subprocess.run(["make", "help"], cwd=ROOT, env=alone, capture_output=True, text=True, check=True).stdout
    (phony,) = re.findall(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)
    assert {line.split()[1] for line in said.splitlines()} == set(phony.split())


# The README in two languages


def _commands_of(page: str) -> list[str]:
    """The lines of all fenced blocks, without comments and indentation."""
    blocks = re.findall(r"```\w*\n(.*?)```", page, re.DOTALL)
    lines = [re.sub(r"\s+#.*", "", line).strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line]


def _targets_of(page: str) -> list[str]:
    """Where links and pictures lead, without those from one language to the other."""
    return sorted(target for target in re.findall(r"\]\(([^)]+)\)", page) if not target.startswith("README"))


def test_both_readmes_have_the_same_commands() -> None:
    english, chinese = map(_commands_of, READMES)
    assert len(english) > 4
    assert chinese == english
    english, chinese = (re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", page, flags=re.DOTALL)) for page in READMES)
    assert sorted(chinese) == sorted(english)


def test_both_readmes_have_the_same_links_and_pictures() -> None:
    english, chinese = map(_targets_of, READMES)
    assert len(english) > 10
    assert chinese == english


def test_both_readmes_have_the_same_headings() -> None:
    english, chinese = ([line.split()[0] for line in page.splitlines() if line.startswith("#")] for page in READMES)
    assert chinese == english


def test_each_readme_leads_to_the_other() -> None:
    english, chinese = READMES
    assert "](README.zh.md)" in "".join(english.splitlines()[:4])
    assert "](README.md)" in "".join(chinese.splitlines()[:4])


# Decisions


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [page.name[:5] for page in DECISIONS] == [f"{number:04}-" for number in range(1, len(DECISIONS) + 1)]


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_says_what_and_why(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    number, title = re.match(r"# (\d+)\. (.+)\n", text).groups()  # type: ignore[union-attr]
    found = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert int(number) == int(page.name[:4])
    assert found[:2] == list(HEADINGS[:2])
    assert found == [heading for heading in HEADINGS if heading in found]
    index = (page.parent / "README.md").read_text(encoding="utf-8")
    assert index.count(f"[{page.name[:4]}]({page.name}) {title}\n") == 1


# The glossary


def test_the_chinese_of_the_glossary_is_what_people_read() -> None:
    with (LOCALES / "zh_Hans" / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as source:
        said = "\n".join(str(message.string) for message in read_po(source, locale="zh_Hans"))
    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").partition("## The program's terms")[0]
    terms = [cell for row in re.findall(r"^\| [^|]+ \| ([^|]+) \|", page, re.MULTILINE) for cell in row.split("、")]
    terms = [term for term in terms if term not in {"Chinese", "---"}]
    assert len(terms) > 40
    assert [term for term in terms if term not in said and term not in NOT_SAID] == []


def test_no_term_is_explained_twice() -> None:
    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \|", page, re.MULTILINE)
    terms = [term for row in rows if row != "term" for term in row.split(", ")]
    assert len(terms) == len(set(terms))


# What a stranger looks for first


def test_the_newest_minor_version_is_the_supported_one() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    minor = ".".join(project["version"].split(".")[:2])
    assert f"| {minor}.x, the latest minor version | yes |" in (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert project["license"] == "MIT"
    assert [name for name in project["license-files"] if not (ROOT / name).is_file()] == []


def test_hooks_are_local_and_the_workflow_calls_the_script() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert [repo["repo"] for repo in hooks["repos"]] == ["local"]
    assert {hook["language"] for repo in hooks["repos"] for hook in repo["hooks"]} == {"system"}
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    assert [step["run"] for step in workflow["jobs"]["test"]["steps"] if "run" in step] == [".ci/run"]
