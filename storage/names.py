"""Names and how a person is addressed: the words that are kept of them, and the order in which a name is written."""

from __future__ import annotations

import re
from enum import StrEnum


class Form(StrEnum):
    """The form by which a person wishes to be addressed."""

    M = "m"
    F = "f"
    MRS = "mrs"
    """A woman who wishes the form for a married woman, where a language has one of its own."""
    NEUTRAL = "neutral"


class Rank(StrEnum):
    """The rank that stands before a name, or in place of the form."""

    DR = "dr"
    PROF = "prof"


class NameOrder(StrEnum):
    """The order of a name, where it differs from what its script says."""

    SURNAME_FIRST = "surname"
    GIVEN_NAME_FIRST = "given"


UNSPACED = re.compile("[\u3005\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
"""Chinese characters and kana: written without a space between surname and given name."""
HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]+")
KATAKANA = re.compile("[\u30a0-\u30ff]+")
VIETNAMESE = re.compile("[\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef1\u1ef4-\u1ef9]")
"""Letters that Vietnamese alone has."""
SURNAME_FIRST_COUNTRIES = frozenset({"VN", "HU"})
"""Countries whose names in Latin letters begin with the surname."""


def in_order(
    surname: str,
    given_name: str,
    patronymic: str = "",
    *,
    order: str | None = None,
    country: str | None = None,
) -> str:
    """Returns a name in full, in the order of `order` or, for None, of its script and the person's country.

    The rules are those of CLDR's person names (Unicode Technical Standard 35, part 8): Chinese, Japanese, Korean,
    Vietnamese and Hungarian names begin with the surname; Chinese characters, kana and Hangul are not spaced, unless
    the name is a foreign one that begins with the given name.
    """
    if not (surname and given_name):
        return " ".join(part for part in (given_name, patronymic, surname) if part)
    letters = surname + given_name
    begins_with_surname = order == NameOrder.SURNAME_FIRST if order else _begins_with_surname(letters, country)
    space = _space(letters, surname_first=begins_with_surname)
    parts = (surname, given_name, patronymic) if begins_with_surname else (given_name, patronymic, surname)
    return space.join(part for part in parts if part)


def _begins_with_surname(letters: str, country: str | None) -> bool:
    if letters.isascii():
        return country in SURNAME_FIRST_COUNTRIES
    if KATAKANA.fullmatch(letters):  # a foreign name, as Japanese writes it
        return False
    is_east_asian = bool(UNSPACED.fullmatch(letters) or HANGUL.fullmatch(letters))
    return is_east_asian or bool(VIETNAMESE.search(letters)) or country in SURNAME_FIRST_COUNTRIES


def _space(letters: str, *, surname_first: bool) -> str:
    if UNSPACED.fullmatch(letters):
        foreign = "・" if KATAKANA.search(letters) else "·"
        return "" if surname_first else foreign
    return "" if surname_first and HANGUL.fullmatch(letters) else " "
