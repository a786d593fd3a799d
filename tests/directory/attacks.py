"""The buttons of the directory, for the table of attacks."""

from __future__ import annotations

from tests.attacks.buttons import Right

BUTTONS = {
    "owner": ("owner:{wang}", Right.LINK),
    "correct": ("correct:{wang}:surname", Right.LINK),
    "correctto": ("correctto:{wang}:language:zh", Right.LINK),
    "correctnot": ("correctnot:{wang}:surname", Right.LINK),
}
