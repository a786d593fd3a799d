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


GONE = {
    "lane": "chat_id",
    "post": "leadership",
    "posts": "leadership",
    "train": "batch",
    "trains": "batches",
    "abreast": "in_parallel",
    "parcel": "outgoing",
    "vitals": "liveness",
    "crowd": "batching",
    "door": "http_server",
    "house": "installation",
    "patience": "retries",
    "verdicts": "error_policy",
    "keeping": "backup",
    "supervision": "systemd",
    "wishes": "slots",
    "tend": "require_staff_chat",
    "oversee": "require_overseer",
    "be_staff": "require_staff",
    "move_on": "require_holder",
}
"""Names of our own that had to be learnt, and the terms of the field that stand in their place."""
OF_TELEGRAM = {"concierge_bot/playground", "concierge_bot/demo"}
"""Where a method of HTTP, or a group's own words, are called so."""


def _names(tree: ast.Module) -> Iterator[str]:
    """Yields what a module names: modules, classes, functions, their arguments and what they hold."""
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.Attribute(attr=name, ctx=ast.Store()):
                yield name


def test_what_has_a_name_in_the_field_is_called_so() -> None:
    found = {
        f"{path}: {name} is {GONE[name.strip('_').lower()]}"
        for path, tree in _sources()
        if not path.startswith(tuple(OF_TELEGRAM)) and "migrations" not in path
        for name in (*_names(tree), Path(path).stem)
        if name.strip("_").lower() in GONE
    }
    assert found == set()


MOST_MODULES = 16


def test_no_package_is_too_large_to_be_seen_at_once() -> None:
    packages = {path.parent for package in PROGRAM for path in (ROOT / package).rglob("__init__.py")}
    sizes = {
        str(package.relative_to(ROOT)): sum(path.name != "__init__.py" for path in package.glob("*.py"))
        for package in packages
        if "versions" not in package.parts
    }
    assert {name: size for name, size in sizes.items() if size > MOST_MODULES} == {}
