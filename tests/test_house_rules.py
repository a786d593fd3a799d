"""Rules of the house that a linter does not know: each is written in docs/architecture.md."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROGRAM = ("concierge_bot", "handlers", "storage")


def _sources() -> Iterator[tuple[str, ast.Module]]:
    for package in PROGRAM:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def _calls_of(attribute: str) -> list[str]:
    return [
        name
        for name, tree in _sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == attribute
    ]


@pytest.mark.parametrize(
    ("attribute", "places"),
    [
        ("commit", {"storage/engine/unit.py"}),
        ("create_task", {"concierge_bot/runtime/processes/tasks.py"}),
    ],
)
def test_what_stands_in_one_place_stands_nowhere_else(attribute: str, places: set[str]) -> None:
    outside = {
        name for name in _calls_of(attribute) if not name.startswith(("concierge_bot/playground", "concierge_bot/demo"))
    }
    assert outside == places


def test_only_clocks_ask_the_machine_for_the_time() -> None:
    readers = {name for name in _calls_of("now") if name.startswith(("concierge_bot/desk", "handlers", "storage"))}
    assert readers == set()


def test_the_desk_is_synchronous() -> None:
    asynchronous = [
        f"{name}:{node.lineno}"
        for name, tree in _sources()
        if name.startswith(("concierge_bot/desk", "storage"))
        for node in ast.walk(tree)
        if isinstance(node, ast.Await) or (isinstance(node, ast.AsyncFunctionDef) and name != "storage/engine/unit.py")
    ]
    assert [place for place in asynchronous if not place.startswith("storage/engine/unit.py")] == []


def test_every_public_function_says_what_it_does() -> None:
    silent = [
        f"{name}:{node.lineno} {node.name}"
        for name, tree in _sources()
        if "migrations" not in name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and _is_outermost(tree, node)
        and ast.get_docstring(node) is None
    ]
    assert silent == []


def _is_outermost(tree: ast.Module, node: ast.AST) -> bool:
    return node in tree.body


MOST_MODULES = 16


def test_no_package_is_too_large_to_be_seen_at_once() -> None:
    packages = {path.parent for package in PROGRAM for path in (ROOT / package).rglob("__init__.py")}
    sizes = {
        str(package.relative_to(ROOT)): sum(path.name != "__init__.py" for path in package.glob("*.py"))
        for package in packages
        if "versions" not in package.parts
    }
    assert {name: size for name, size in sizes.items() if size > MOST_MODULES} == {}
