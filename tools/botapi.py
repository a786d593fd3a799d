"""Writes the playground's specification of the Bot API, `botapi.json`, from the installed aiogram's models.

aiogram's classes are generated from Telegram's page: each bears its name and its fields, with the required and the
deprecated ones. The file is kept, so that the playground runs without aiogram and an upgrade shows as a difference.
"""

from __future__ import annotations

import json
import sys
import types
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, ForwardRef, Literal, Union, get_args, get_origin

import aiogram
import aiogram.methods
import aiogram.types
from aiogram.client.default import Default
from pydantic import BaseModel
from pydantic.fields import FieldInfo

FILE = Path(__file__).parent.parent / "concierge_bot" / "playground" / "botapi.json"
SOURCE = "Source: https://core.telegram.org/bots/api#"
ARRAY = "Array of "
UNION = "Union"
PRIMITIVES: dict[Any, str] = {
    bool: "Boolean",
    int: "Integer",
    float: "Float",
    str: "String",
    datetime: "Integer",
    timedelta: "Integer",
}
NOTHING = (types.NoneType, Default)
"""What aiogram allows in the place of a value: none, or what the bot says elsewhere for all calls."""


class Reader:
    """A reader of aiogram's models."""

    def __init__(self) -> None:
        self._unions = dict(_unions())
        self._names = {frozenset(members): name for name, members in self._unions.items()}

    def document(self) -> dict[str, Any]:
        """Builds the whole specification."""
        return {
            "version": f"Bot API {aiogram.__api_version__}",
            "methods": {method.__api_method__: self._method(method) for method in _methods()},
            "types": {model.__name__: self._type(model) for model in _types()},
        }

    def _method(self, model: Any) -> dict[str, Any]:
        return {"fields": self._fields(model), "returns": self._of(model.__returning__)}

    def _type(self, model: Any) -> dict[str, Any]:
        members = self._unions.get(model.__name__, ())
        fields = {} if members else self._fields(model)
        return {"fields": fields, "subtypes": [name for member in members for name in self._of(member)]}

    def _fields(self, model: Any) -> dict[str, Any]:
        if issubclass(model, BaseModel):
            model.model_rebuild()  # where its annotations were left as they are written
        found: dict[str, FieldInfo] = getattr(model, "model_fields", {})
        return {
            field.alias or name: [self._of(field.annotation), _required(field)]
            for name, field in sorted(found.items(), key=lambda entry: entry[1].alias or entry[0])
            if not _is_deprecated(field) and not self._is_of_another(model, name)
        }

    def _is_of_another(self, model: type, field: str) -> bool:
        """Returns whether a model has a field only because another type of its union has it."""
        parent = model.__mro__[1]
        return parent.__name__ in self._unions and field not in model.__annotations__

    def _of(self, annotation: Any) -> list[str]:
        """Returns the names of the types that an annotation allows."""
        origin = get_origin(annotation)
        if origin in (Union, types.UnionType):
            return self._of_union(get_args(annotation))
        if origin is list:
            return [ARRAY + name for name in self._of(get_args(annotation)[0])]
        if origin is Annotated:
            return self._of(get_args(annotation)[0])
        if origin is Literal:
            return self._of(_plain(get_args(annotation)[0]))
        return [PRIMITIVES[annotation] if annotation in PRIMITIVES else _name(annotation)]

    def _of_union(self, members: Iterable[Any]) -> list[str]:
        members = [member for member in members if member not in NOTHING]
        known = self._names.get(frozenset(members))
        names = [known] if known else [name for member in members for name in self._of(member)]
        return list(dict.fromkeys(names))


def _plain(value: object) -> type:
    """Returns the class of a literal value, such as the one text that a field may have."""
    return next(kind for kind in (bool, int, str) if isinstance(value, kind))


def _name(annotation: Any) -> str:
    """Returns the name of a class, or of a union that contains itself and is named there."""
    if isinstance(annotation, ForwardRef):
        annotation = annotation.__forward_arg__
    name = annotation if isinstance(annotation, str) else str(annotation.__name__)
    return name.removesuffix(UNION)


def _required(field: FieldInfo) -> bool:
    """Returns whether a field is required; aiogram fills in fields with only one possible value."""
    return field.is_required() or isinstance(field.default, bool | int | str)


def _is_deprecated(field: FieldInfo) -> bool:
    return isinstance(field.json_schema_extra, dict) and bool(field.json_schema_extra.get("deprecated"))


def _unions() -> Iterable[tuple[str, tuple[Any, ...]]]:
    """Yields the name of each type that is a union, with its members."""
    for name in aiogram.types.__all__:
        base = getattr(aiogram.types, name.removesuffix(UNION), None)
        if name.endswith(UNION) and isinstance(base, type):
            union = getattr(aiogram.types, name)
            union = getattr(union, "__value__", union)
            members = get_args(get_args(union)[0] if get_origin(union) is Annotated else union)
            if _stands_for(base, members):
                yield base.__name__, members


def _stands_for(base: type, members: tuple[Any, ...]) -> bool:
    """Returns whether a type is nothing beside the members of its union."""
    if not issubclass(base, aiogram.types.TelegramObject):
        return False
    return not base.model_fields or all(isinstance(member, type) and issubclass(member, base) for member in members)


def _types() -> list[type]:
    """Returns Telegram's types, without aiogram's own additions and deprecated ones."""
    found = [getattr(aiogram.types, name) for name in sorted(aiogram.types.__all__)]
    return [model for model in found if isinstance(model, type) and _documented(model) and not _deprecated(model)]


def _methods() -> list[Any]:
    found = [getattr(aiogram.methods, name) for name in aiogram.methods.__all__]
    calls = [model for model in found if isinstance(getattr(model, "__api_method__", None), str)]
    return sorted((call for call in calls if not _deprecated(call)), key=lambda call: str(call.__api_method__))


def _documented(model: type) -> bool:
    return f"{SOURCE}{model.__name__.lower()}\n" in f"{model.__doc__}\n".replace(" \n", "\n")


def _deprecated(model: type) -> bool:
    return ".. deprecated::" in (model.__doc__ or "")


def text() -> str:
    """Renders the file's text: a line for each method and type, so that a difference can be read."""
    found = Reader().document()
    parts = [f'"version": {json.dumps(found["version"])}']
    for part in ("methods", "types"):
        lines = [f" {json.dumps(name)}: {json.dumps(entry)}" for name, entry in found[part].items()]
        parts.append(f'"{part}": {{\n' + ",\n".join(lines) + "\n}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
    sys.stdout.write(f"{FILE.name}: Bot API {aiogram.__api_version__}, as aiogram {aiogram.__version__} has it\n")
