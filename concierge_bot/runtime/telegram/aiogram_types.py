"""Imports aiogram's types without building all their validators: those of an update at once, others at first use."""

from __future__ import annotations

import re
import sys
import typing
from collections.abc import Iterable, Iterator
from inspect import get_annotations

from pydantic import BaseModel

NAME = re.compile(r"\w+")


def import_types() -> None:
    """Imports `aiogram.types`, unless somebody has already, with the validators of updates alone.

    aiogram has pydantic build each of its four hundred models while it is imported, since their annotations name each
    other in modules that see those names while types are checked only. Each validator holds all that it refers to anew:
    together they take two thirds of a start, and a hundred megabytes for as long as the program runs. Here the names
    are put where the annotations stand, so that pydantic finds them when a model is first used.
    """
    if "aiogram.types" in sys.modules:
        return
    rebuild = BaseModel.__dict__["model_rebuild"]
    BaseModel.model_rebuild = classmethod(lambda _cls, **_options: None)  # type: ignore[assignment, method-assign]
    try:
        from aiogram import types  # noqa: PLC0415
    finally:
        BaseModel.model_rebuild = rebuild  # type: ignore[method-assign]
    from aiogram.client.default import Default  # noqa: PLC0415

    known = {name: getattr(types, name) for name in types.__all__}
    known |= {name: getattr(typing, name) for name in ("List", "Optional", "Union", "Literal")} | {"Default": Default}
    for model in _models(vars(types).values()):
        module = vars(sys.modules[model.__module__])
        for name in _names_in_annotations(model) & known.keys():
            module.setdefault(name, known[name])
    types.Update.model_rebuild()


def _models(found: Iterable[object]) -> Iterator[type[BaseModel]]:
    return (one for one in found if isinstance(one, type) and issubclass(one, BaseModel))


def _names_in_annotations(model: type[BaseModel]) -> set[str]:
    """Returns the words in the annotations of a model, and of those that it inherits from."""
    return {
        name
        for base in model.__mro__
        for annotation in get_annotations(base).values()
        for name in NAME.findall(str(annotation))
    }
