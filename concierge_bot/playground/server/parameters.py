"""From the raw parameters of HTTP to typed arguments of a method."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from concierge_bot.playground.errors import bad_request
from concierge_bot.playground.schema import PRIMITIVES, Findings, schema

WHOLE_NUMBER = re.compile(r"-?\d{1,19}")
TRUTHS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
ATTACHED = "attach://"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came in a multipart form."""

    name: str
    data: bytes
    mime_type: str


class Arguments(dict[str, Any]):
    """The typed arguments of one call, and the files that came with it."""

    __slots__ = ("uploads",)

    def __init__(self, values: Mapping[str, Any], uploads: Mapping[str, Upload]) -> None:
        super().__init__(values)
        self.uploads = uploads

    def attached(self, reference: str) -> Upload | None:
        """Returns the uploaded file that `attach://name` means; None for any other text.

        Raises:
            ApiError: 400 when no file of that name was uploaded.
        """
        if not reference.startswith(ATTACHED):
            return None
        upload = self.uploads.get(reference.removeprefix(ATTACHED))
        if upload is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return upload


Convert = Callable[[Any, Findings], Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a method. `convert` raises ValueError with the type it wants."""

    name: str
    required: bool
    convert: Convert
    is_text: bool

    def is_given(self, value: Any) -> bool:
        """Returns whether `value` counts: null and, unless a text is required, the empty text do not."""
        return value is not None and (value != "" or (self.required and self.is_text))


@dataclass(frozen=True, slots=True)
class Method:
    """One method of the Bot API, ready to read its arguments."""

    name: str
    parameters: dict[str, Parameter]
    required: tuple[str, ...]

    def read(self, raw: Mapping[str, Any], uploads: Mapping[str, Upload], findings: Findings) -> Arguments:
        """Converts the raw parameters; adds the faults in them to `findings`.

        Numbers and booleans may come as text, objects as JSON text. An optional parameter that
        is empty or null counts as not given. Unknown parameters are reported and passed over.
        """
        values: dict[str, Any] = {}
        for name, value in raw.items():
            parameter = self.parameters.get(name)
            if parameter is None:
                findings.unknown.append(f"{self.name} has no parameter {name}")
            elif parameter.is_given(value):
                try:
                    values[name] = parameter.convert(value, findings)
                except ValueError as wanted:
                    findings.errors.append(f'parameter "{name}" must be {wanted}')
        values |= {name: upload for name, upload in uploads.items() if name in self.parameters}
        missing = [name for name in self.required if name not in values]
        if not findings.errors:
            findings.errors += [f'parameter "{name}" is required' for name in missing]
        return Arguments(values, uploads)


@cache
def known_methods() -> dict[str, Method]:
    """Returns all methods of the Bot API by their name in lower case."""
    return {name.lower(): _compile(name, entry["fields"]) for name, entry in schema().methods.items()}


def _compile(name: str, fields: Mapping[str, tuple[Sequence[str], bool]]) -> Method:
    parameters = {
        field: Parameter(field, required, _converter(tuple(types), field), "String" in types)
        for field, (types, required) in fields.items()
    }
    return Method(name, parameters, tuple(field for field, entry in parameters.items() if entry.required))


def _converter(types: tuple[str, ...], field: str) -> Convert:
    if types == ("Integer", "String"):
        return _to_chat_id
    if len(types) == 1 and types[0] in CONVERTERS:
        return CONVERTERS[types[0]]
    if "InputFile" in types:
        return _to_text
    return _object_converter(types, field)


def _object_converter(types: tuple[str, ...], field: str) -> Convert:
    def convert(value: Any, findings: Findings) -> Any:
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except json.JSONDecodeError:
                raise ValueError("valid JSON") from None
        found = schema().check(types, value, field)
        findings.errors += found.errors
        findings.unknown += found.unknown
        return value

    return convert


def _to_integer(value: Any, _: Findings) -> int:
    if PRIMITIVES["Integer"](value):
        return int(value)
    if isinstance(value, str) and WHOLE_NUMBER.fullmatch(value.strip()):
        return int(value)
    raise ValueError("an Integer")


def _to_float(value: Any, _: Findings) -> float:
    if isinstance(value, bool):
        raise ValueError("a Float")  # noqa: TRY004 -- one kind of error for the caller
    try:
        return float(value)
    except (TypeError, ValueError):
        raise ValueError("a Float") from None


def _to_boolean(value: Any, _: Findings) -> bool:
    known = value if isinstance(value, bool) else TRUTHS.get(str(value).lower())
    if known is None:
        raise ValueError("a Boolean")
    return known


def _to_text(value: Any, _: Findings) -> str:
    if isinstance(value, str):
        return value
    if PRIMITIVES["Float"](value):  # a JSON number where text is meant is let pass by Telegram
        return str(value)
    raise ValueError("a String")


def _to_chat_id(value: Any, findings: Findings) -> int | str:
    if isinstance(value, str) and not WHOLE_NUMBER.fullmatch(value.strip()):
        return value
    return _to_integer(value, findings)


CONVERTERS: dict[str, Convert] = {
    "Integer": _to_integer,
    "Float": _to_float,
    "Boolean": _to_boolean,
    "String": _to_text,
    "InputFile": _to_text,
}
