"""Sentences and what is put into them: the icon before a sentence, the values in their places."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from unicodedata import category

PLACE = re.compile(r"%\((\w+)\)[sd]")
HAN = re.compile("[\u3040-\u30ff\u3400-\u9fff]")

SIGNS = {"So", "Sk", "Mn", "Cf"}
"""The categories of Unicode of which icons are made: symbols, skin tones, and what joins and styles them."""


@lru_cache(maxsize=4096)
def apart(message: str) -> tuple[str, str]:
    """Returns the icon that a sentence begins with, with its space, and the sentence itself."""
    icon, _, sentence = message.partition(" ")
    is_icon = bool(icon and sentence) and all(category(sign) in SIGNS for sign in icon)
    return (f"{icon} ", sentence) if is_icon else ("", message)


def spaced(sentence: str, values: Mapping[str, object]) -> dict[str, object]:
    """Puts a space between a value that begins or ends with a letter of an alphabet and the Chinese beside it."""
    filled = dict(values)
    for name, before, behind in _beside_han(sentence):
        value = str(values.get(name, ""))
        if before and _is_alphabetic(value[:1]):
            value = " " + value
        if behind and _is_alphabetic(value[-1:]):
            value += " "
        filled[name] = value
    return filled


def _is_alphabetic(letter: str) -> bool:
    """Returns whether this is a letter of an alphabet: Latin, Greek, Cyrillic and the like."""
    return letter.isalpha() and letter < "\u2e80"


@lru_cache(maxsize=4096)
def _beside_han(sentence: str) -> tuple[tuple[str, bool, bool], ...]:
    """Returns the places that touch a Chinese character or kana: the name, whether before it, whether behind it."""
    found = [
        (place[1], bool(HAN.match(sentence[: place.start()][-1:])), bool(HAN.match(sentence[place.end() :][:1])))
        for place in PLACE.finditer(sentence)
    ]
    return tuple(place for place in found if place[1] or place[2])
