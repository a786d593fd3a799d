"""Faults of a catalogue file: each with its place, and what to write instead, in words for whoever writes the file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from pydantic_core import ErrorDetails

KEY = "should have 1 to 20 letters a-z, digits and _"
SHAPES = {
    r"^[a-z0-9_]{1,20}$": KEY,
    r"^[a-z_]{1,30}$": "should have 1 to 30 letters a-z and _",
    r"^[A-Z]{3}$": "should be a currency's three letters, such as CNY",
    r"^[a-z]{2,3}(_[A-Z][A-Za-z]{1,3})?$": "should be a language's letters, such as zh or zh_Hant",
}
"""What a text that does not fit its pattern should be."""
KINDS = {
    "extra_forbidden": "there is no such key here",
    "missing": "is missing",
    "string_type": "should be a text in quotation marks",
    "bool_type": "should be true or false",
    "bool_parsing": "should be true or false",
    "int_type": "should be a whole number",
    "int_parsing": "should be a whole number",
    "int_from_float": "should be a whole number",
    "float_type": "should be a number",
    "float_parsing": "should be a number",
    "tuple_type": "should be a list in [ ]",
    "list_type": "should be a list in [ ]",
    "frozen_set_type": "should be a list in [ ]",
    "dict_type": "should be a table",
    "model_type": "should be a table",
    "model_attributes_type": "should be a table",
}
"""What is wrong, by pydantic's name for it."""


class Fault(NamedTuple):
    """A fault: the keys that lead to its place, and what is wrong there."""

    place: str
    said: str


class CatalogueError(Exception):
    """Raised where the catalogue file cannot be used; each of its lines is one fault with its place."""

    def __init__(self, *lines: str) -> None:
        """Holds the lines, of which there is at least one."""
        super().__init__("\n".join(lines))
        self.lines = lines


def error_of(path: Path, faults: Iterable[Fault]) -> CatalogueError:
    """Returns the error that names all faults of a file."""
    return CatalogueError(*(f"The catalogue {path} is wrong at {place}: {said}." for place, said in faults))


def fault_of(error: ErrorDetails) -> Fault:
    """Returns the fault that pydantic has found."""
    place = [str(part) for part in error["loc"] if part != "[key]"]
    return Fault(".".join(place) or "the file", _said(error["type"], error.get("ctx", {}), error["msg"]))


def _said(kind: str, facts: dict[str, Any], said: str) -> str:
    if kind == "string_pattern_mismatch":
        return SHAPES.get(facts["pattern"], said)
    if kind == "enum":
        return f"should be one of {facts['expected'].replace(' or ', ', ').replace(chr(39), '')}"
    if kind == "too_short":
        return "should not be empty"
    return KINDS.get(kind) or said.removeprefix("Value error, ").replace("Input should", "should")
