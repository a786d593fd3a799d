"""Forms of address in a sentence: a capital where they begin it, a comma where they break into it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from concierge_bot.address.speaking import filled
from concierge_bot.address.table import ANY, rules_of

PLACE = re.compile(r"%\((\w+)\)[sd]")
BEGINS = re.compile(r"(?:[^\w%]|<[^>]*>)*%\(address\)s")
APPOSITION = "{name}, "
ROLES = tuple(role for role in rules_of("en").colleague if role != ANY)
"""What one of the staff can be to the owners."""


class Apposition(str):
    """A name with what the person is behind it: Anna, your butler. A sentence that goes on needs a comma after it."""

    __slots__ = ()


def colleague(language: str, name: str, role: str | None) -> str:
    """Returns one of the staff as owners read them: by name and by what they are to the owner, where these are known.

    Args:
        language: the language of the reader.
        name: the name; empty where it is not known.
        role: a word of the table's rows `colleague`; None where it is not known.
    """
    rules = rules_of(language)
    named, nameless = rules.colleague.get(role or ANY) or rules.colleague[ANY]
    if not name:
        return nameless
    said = filled(named, {"name": name}, spaced=rules.spaced)
    return Apposition(said) if named.startswith(APPOSITION) else said


def fitted(sentence: str, values: Mapping[str, object]) -> Mapping[str, object]:
    """Returns the values of a sentence as they stand in it."""
    begins, goes_on = _shape(sentence)
    changed: dict[str, object] = {
        name: f"{value}," for name, value in values.items() if isinstance(value, Apposition) and name in goes_on
    }
    if begins and isinstance(address := values.get("address"), str):
        changed["address"] = type(address)(address[:1].upper() + address[1:])
    return {**values, **changed} if changed else values


@lru_cache(maxsize=4096)
def _shape(sentence: str) -> tuple[bool, frozenset[str]]:
    """Returns whether a form of address begins a sentence, and behind which places a word follows."""
    followed = (place[1] for place in PLACE.finditer(sentence) if re.match(r"\s*[\w%(]", sentence[place.end() :]))
    return bool(BEGINS.match(sentence)), frozenset(followed)
