"""The texts of a catalogue: never empty, and no longer than what shows them has room for."""

from __future__ import annotations

from typing import Annotated

from pydantic import ValidatorFunctionWrapHandler, WrapValidator

from concierge_bot.language.placed import Placed

BUTTON = 64
LABEL = 40
ICON = 8
QUESTION = 300
ADVICE = 1000


def _within(most: int, room: str) -> WrapValidator:
    def check(given: object, as_text: ValidatorFunctionWrapHandler) -> str:
        text: str = as_text(given)
        if not text.strip():
            raise ValueError("should not be empty")
        if len(text) > most:
            raise ValueError(f"is too long: {room} has room for {most} letters, and this has {len(text)}")
        return given if isinstance(given, Placed) else text

    return WrapValidator(check)


Name = Annotated[str, _within(BUTTON, "a name")]
ButtonText = Annotated[str, _within(BUTTON, "a button")]
Label = Annotated[str, _within(LABEL, "a card's label")]
Icon = Annotated[str, _within(ICON, "an icon")]
QuestionText = Annotated[str, _within(QUESTION, "a question")]
Advice = Annotated[str, _within(ADVICE, "what to do meanwhile")]
