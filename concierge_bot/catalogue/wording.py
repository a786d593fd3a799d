"""The texts of a catalogue: never empty, and no longer than what shows them has room for."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

BUTTON = 64
LABEL = 40
ICON = 8
QUESTION = 300
ADVICE = 1000


def _within(most: int, room: str) -> AfterValidator:
    def check(text: str) -> str:
        if not text.strip():
            raise ValueError("should not be empty")
        if len(text) > most:
            raise ValueError(f"is too long: {room} has room for {most} letters, and this has {len(text)}")
        return text

    return AfterValidator(check)


Name = Annotated[str, _within(BUTTON, "a name")]
ButtonText = Annotated[str, _within(BUTTON, "a button")]
Label = Annotated[str, _within(LABEL, "a card's label")]
Icon = Annotated[str, _within(ICON, "an icon")]
QuestionText = Annotated[str, _within(QUESTION, "a question")]
Advice = Annotated[str, _within(ADVICE, "what to do meanwhile")]
