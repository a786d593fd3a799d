"""Telegram's types, read from `botapi.json`, and the check of a JSON value against them.

Used for the parameters that a bot sends, and in tests for the updates that the server emits.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

ARRAY = "Array of "
SPECIFICATION = Path(__file__).with_name("botapi.json")


@dataclass(slots=True)
class Findings:
    """The faults found in a value.

    Attributes:
        errors: breaches that Telegram refuses: missing fields, wrong types.
        unknown: fields that it has never heard of and silently passes over.
    """

    errors: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.errors) + len(self.unknown)

    def all(self) -> list[str]:
        """Returns every finding, refused or not."""
        return self.errors + self.unknown


PRIMITIVES: dict[str, Callable[[Any], bool]] = {
    "Integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "Float": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "Boolean": lambda value: isinstance(value, bool),
    "String": lambda value: isinstance(value, str),
    "InputFile": lambda value: isinstance(value, str),
}


class Schema:
    """The Bot API's types and methods.

    Args:
        specification: the JSON file of types and methods.
    """

    def __init__(self, specification: Path = SPECIFICATION) -> None:
        document = json.loads(specification.read_text(encoding="utf-8"))
        self.version: str = document["version"]
        self.methods: dict[str, Any] = document["methods"]
        self._types: dict[str, Any] = document["types"]

    def fields(self, name: str) -> list[str]:
        """Returns the names of the fields of the type `name`."""
        return list(self._types[name]["fields"])

    def check(self, types: Sequence[str], value: Any, where: str) -> Findings:
        """Checks `value` against any of `types`; `where` names it in the findings."""
        findings = Findings()
        self._check_any(types, value, where, findings)
        return findings

    def _check_any(self, types: Sequence[str], value: Any, where: str, findings: Findings) -> None:
        if len(types) == 1:
            self._check_one(types[0], value, where, findings)
            return
        best: Findings | None = None
        for name in types:
            attempt = Findings()
            self._check_one(name, value, where, attempt)
            if not attempt:
                return
            if best is None or len(attempt) < len(best):
                best = attempt
        if best is not None:
            findings.errors += best.errors
            findings.unknown += best.unknown

    def _check_one(self, name: str, value: Any, where: str, findings: Findings) -> None:
        primitive = PRIMITIVES.get(name)
        if primitive is not None:
            if not primitive(value):
                findings.errors.append(f"{where} must be of type {name}")
        elif name.startswith(ARRAY):
            self._check_array(name.removeprefix(ARRAY), value, where, findings)
        elif subtypes := self._types[name]["subtypes"]:
            self._check_any(subtypes, value, where, findings)
        else:
            self._check_object(name, value, where, findings)

    def _check_array(self, item: str, value: Any, where: str, findings: Findings) -> None:
        if not isinstance(value, list):
            findings.errors.append(f"{where} must be an Array of {item}")
            return
        for index, element in enumerate(value):
            self._check_one(item, element, f"{where}[{index}]", findings)

    def _check_object(self, name: str, value: Any, where: str, findings: Findings) -> None:
        if not isinstance(value, dict):
            findings.errors.append(f"{where} must be a {name}")
            return
        fields = self._types[name]["fields"]
        for key, content in value.items():
            known = fields.get(key)
            if known is None:
                findings.unknown.append(f"{where}.{key} is not a field of {name}")
            else:
                self._check_any(known[0], content, f"{where}.{key}", findings)
        for key, (_, required) in fields.items():
            if required and key not in value:
                findings.errors.append(f"{where}.{key} is missing")


@cache
def schema() -> Schema:
    """Reads the Bot API as shipped with the playground, once."""
    return Schema()
