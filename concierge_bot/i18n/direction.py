"""Sentences that run from right to left: marks of Unicode's bidirectional algorithm keep names and commands whole."""

from __future__ import annotations

import re
from collections.abc import Mapping
from unicodedata import bidirectional

RIGHT_TO_LEFT_MARK, LEFT_TO_RIGHT_MARK = "\u200f", "\u200e"
ISOLATE, END = "\u2068", "\u2069"
COMMAND = re.compile(r"(?<![\w</\u200e])/(?=[a-z])")
TAG = re.compile(r"<[^>]*>|&\w+;|&#\d+;")
NUMBER = re.compile(r"[#\d.,:%–-]*")
"""What keeps its own order in any text: a number, a time, a range of them."""


def isolated(value: object) -> object:
    """Returns a value with its own direction, whatever stands around it; a mere number needs none."""
    text = str(value)
    return value if NUMBER.fullmatch(TAG.sub("", text)) else f"{ISOLATE}{text}{END}"


def filled(sentence: str, values: Mapping[str, object]) -> str:
    """Returns a sentence with its values, whose lines run from right to left even where a Latin name begins one.

    Its commands run from left to right. Values stay as they are.
    """
    whole = {name: isolated(value) for name, value in values.items()}
    lines = COMMAND.sub(f"{LEFT_TO_RIGHT_MARK}/", sentence).split("\n")
    return "\n".join(_led(line % whole if whole else line) for line in lines)


def still_open(text: str) -> int:
    """Returns how many values with their own direction begin in a text and do not end in it."""
    return text.count(ISOLATE) - text.count(END)


def closed(text: str) -> str:
    """Returns a text that was cut with the ends of what was begun in it."""
    return text + END * still_open(text)


def _led(line: str) -> str:
    strong = (side for sign in TAG.sub("", line) if (side := bidirectional(sign)) in ("L", "R", "AL"))
    return RIGHT_TO_LEFT_MARK + line if next(strong, "AL") == "L" else line
