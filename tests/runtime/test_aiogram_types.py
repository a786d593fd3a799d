"""aiogram's types are built at first use, and each of them can be."""

from __future__ import annotations

import sys
from subprocess import run

from aiogram import methods, types
from pydantic import BaseModel


def test_every_type_and_method_can_be_built() -> None:
    models = [
        model
        for found in (vars(types), vars(methods))
        for model in found.values()
        if isinstance(model, type) and issubclass(model, BaseModel)
    ]
    assert len(models) > 400
    for model in models:
        model.model_rebuild()
        assert model.__pydantic_complete__, model


def test_an_update_is_ready_and_rare_types_are_not() -> None:
    """In a program of its own: here the test above may have built them all."""
    asked = (
        "from concierge_bot.runtime.telegram.aiogram_types import import_types; import_types();"
        "from aiogram.types import InputSticker, Update;"
        "print(Update.__pydantic_complete__, InputSticker.__pydantic_complete__)"
    )
    said = run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["True", "False"]
