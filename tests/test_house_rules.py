"""Rules of the house that a linter does not know: each is written in docs/architecture.md."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from sqlalchemy.orm import class_mapper
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel

from storage.tables import registry
from storage.tables.columns import WordOf

ROOT = Path(__file__).parent.parent
PROGRAM = ("concierge_bot", "handlers", "storage")


EVERYTHING = (*PROGRAM, "benchmarks", "tests", "tools")


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _sources(packages: tuple[str, ...] = PROGRAM) -> Iterator[tuple[str, ast.Module]]:
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield str(path.relative_to(ROOT)), _parsed(path)


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


def test_only_what_is_of_no_estate_asks_the_common_catalogue() -> None:
    """Whatever is an estate's goes by that estate's catalogue."""
    asking = {
        name.removeprefix("concierge_bot/desk/")
        for name, tree in _sources(("concierge_bot/desk", "handlers"))
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "default_catalogue"
    }
    assert asking == {
        "context.py",
        "departures/memberships.py",  # by the night's cleaning
        "operations/cleaning.py",
        "operations/estates.py",  # the first estate
        "operations/watchdog.py",
        "requests/saved_drafts.py",  # kept as long as the cleaning leaves them
    }


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


READ_ONCE = ("benchmarks/*.py", "concierge_bot/**/*.py", "handlers/**/*.py", "storage/**/*.py", "tools/*.py")
OF_A_TEMPLATE = "storage/migrations/versions"
"""Where docstrings are those of Alembic's template."""
NO_VERBS = {"Across", "Always", "As", "Has", "Is", "Its", "This", "Was", "Unless"} | {
    "Lines", "Messages", "Numbers", "Rows", "Seconds", "Things"
}  # fmt: skip
"""First words in "s" that say nothing of what a function does. "Has … called" sends somebody else to do it."""
WITHOUT_HEAD = {"Has", "How", "What", "Whatever", "When", "Where", "Whether", "Who", "Whoever", "Whom"}


def _docstrings() -> Iterator[tuple[str, ast.AST, str]]:
    """Yields each docstring with where it stands and what it is about."""
    for path in sorted({path for pattern in READ_ONCE for path in ROOT.glob(pattern)}):
        if str(path.relative_to(ROOT)).startswith(OF_A_TEMPLATE):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                said = ast.get_docstring(node)
                if said is not None:
                    yield f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}", node, said


def _is_command_of_typer(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Tells whether a function's docstring is a help text, which people read: those are in the imperative."""
    calls = [decorator.func for decorator in node.decorator_list if isinstance(decorator, ast.Call)]
    return any(isinstance(call, ast.Attribute) and call.attr == "command" for call in calls)


def _is_third_person(word: str) -> bool:
    return word.isalpha() and word.istitle() and word.endswith("s") and word not in NO_VERBS


def test_docstrings_of_functions_begin_with_a_verb_in_the_third_person() -> None:
    others = [
        f"{place} {said.splitlines()[0]}"
        for place, node, said in _docstrings()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not _is_command_of_typer(node)
        if not _is_third_person(said.split()[0].rstrip(":;,."))
    ]
    assert others == []


def test_docstrings_of_modules_and_classes_name_what_they_are_about() -> None:
    others = [f"{place} {said.splitlines()[0]}" for place, _, said in _docstrings() if said.split()[0] in WITHOUT_HEAD]
    assert others == []


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


def test_no_row_without_a_number_passes_for_number_nought() -> None:
    made_up = [
        f"{path}:{node.lineno}"
        for path, tree in _sources(EVERYTHING)
        for node in ast.walk(tree)
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or) and ast.unparse(node).endswith(".id or 0")
    ]
    assert made_up == [], "storage.tables.rows.row_id gives the number of a row, or says that it has none"


def _may_refuse(path: str) -> bool:
    return Path(path).stem in ("refusals", "rights") or Path(path).stem.endswith("_rights")


def test_only_rights_refuse() -> None:
    elsewhere = [
        f"{path}:{node.lineno}"
        for path, tree in _sources()
        if not _may_refuse(path)
        for node in ast.walk(tree)
        if (isinstance(node, ast.Name) and node.id == "RefusedError")
        or (isinstance(node, ast.Attribute) and node.attr == "RefusedError")
        or (isinstance(node, ast.alias) and node.name == "RefusedError")
    ]
    assert elsewhere == [], "a module of rights refuses, in a function require_…"


def test_only_a_button_that_is_none_of_ours_is_refused_outside_the_rights() -> None:
    handed_out = {
        node.name
        for path, tree in _sources()
        if _may_refuse(path)
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and node.returns is not None
        and ast.unparse(node.returns) == "RefusedError"
    }
    assert handed_out == {"no_such_button"}


PROJECTED = {"further_villas", "supervises", "manages"}
"""The facts of a person that follow from their roles."""


def test_d2_only_the_register_of_roles_writes_what_follows_from_them() -> None:
    written = {
        path
        for path, tree in _sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr in PROJECTED
    }
    assert written == {"concierge_bot/desk/roles/register.py"}


def _enumerations() -> set[str]:
    """The names of what our own modules enumerate."""
    return {
        node.name
        for _, tree in _sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id in ("StrEnum", "IntEnum", "Enum") for base in node.bases)
    }


def _is_over(match: ast.Match, enumerations: set[str]) -> bool:
    """Tells whether one of the cases names a member of an enumeration, as in `case Colour.RED`."""
    named = (node.value for case in match.cases for node in ast.walk(case.pattern) if isinstance(node, ast.MatchValue))
    return any(
        isinstance(value, ast.Attribute) and ast.unparse(value.value).rpartition(".")[2] in enumerations
        for value in named
    )


def _takes_the_rest(case: ast.match_case) -> bool:
    return isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None


def _refuses(case: ast.match_case) -> bool:
    """Tells whether all that a case does is to say that nothing should come to it."""
    match case.body:
        case [ast.Raise()] | [ast.Expr(value=ast.Call(func=ast.Name(id="assert_never")))]:
            return case.guard is None
    return False


def test_no_match_over_an_enumeration_takes_the_rest_for_one_of_them() -> None:
    """A new state is an error of types wherever nothing says what it means, not what happens to stand last."""
    enumerations = _enumerations()
    careless = [
        f"{path}:{case.pattern.lineno}"
        for path, tree in _sources()
        for match in ast.walk(tree)
        if isinstance(match, ast.Match) and _is_over(match, enumerations)
        for case in match.cases
        if _takes_the_rest(case) and not _refuses(case)
    ]
    assert careless == []


TABLES = [
    table
    for module in registry.MODULES
    for table in vars(module).values()
    if isinstance(table, type) and issubclass(table, SQLModel) and table.__module__ == module.__name__
]
OF_A_FEW_WORDS = ("state", "outcome", "way", "cause")
"""Columns that hold one of a few words. What else is called a kind may get more from a capability, or from Telegram."""


def _columns_of_words() -> Iterator[tuple[str, str, object, TypeEngine[Any]]]:
    """Yields each column of a table with what its class says that it holds, and what the database is told."""
    for table in TABLES:
        held = get_type_hints(table)
        for column in class_mapper(table).columns:
            yield f"{table.__name__}.{column.key}", column.key, held[column.key], column.type


def test_columns_of_a_few_words_say_which() -> None:
    for name, key, held, kind in _columns_of_words():
        if key in OF_A_FEW_WORDS:
            assert isinstance(kind, WordOf), f"{name} holds one of a few words: word_of says which"
        if isinstance(kind, WordOf):
            assert held in (kind.words, kind.words | None), f"{name} is read as {kind.words.__name__}"
        else:
            assert not (isinstance(held, type) and issubclass(held, StrEnum)), f"{name} is read as a plain word"


MOST_MODULES = 16


def test_no_package_is_too_large_to_be_seen_at_once() -> None:
    packages = {path.parent for package in PROGRAM for path in (ROOT / package).rglob("__init__.py")}
    sizes = {
        str(package.relative_to(ROOT)): sum(path.name != "__init__.py" for path in package.glob("*.py"))
        for package in packages
        if "versions" not in package.parts
    }
    assert {name: size for name, size in sizes.items() if size > MOST_MODULES} == {}
