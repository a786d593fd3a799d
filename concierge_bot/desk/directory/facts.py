"""The facts of an owner as people write them: read into the form in which they are kept."""

from __future__ import annotations

import calendar
import re
import unicodedata
from enum import StrEnum
from typing import Any, assert_never

from concierge_bot.address import fitting, latin, titles
from concierge_bot.i18n import language_named
from concierge_bot.language.typed import name_of, normalised

CONTROLS = ("Cc", "Cs")
"""Ends of lines and the like: in no name, and some in no database."""
BIRTHDAYS = [
    re.compile(form)
    for form in (r"\d{4}([-/.])(\d{1,2})\1(\d{1,2})", r"()(\d{1,2})-(\d{1,2})", r"(\d{4}年)?(\d{1,2})月(\d{1,2})日?")
]
"""Without a year, 02/03 is no certain day."""
LONGEST = 80


class Fact(StrEnum):
    """The facts of an owner, and of one of the staff, that a superior corrects."""

    SURNAME = "surname"
    GIVEN_NAME = "given_name"
    TITLE = "title"
    LANGUAGE = "language"
    BIRTHDAY = "birthday"
    VILLA = "villa"
    LATIN = "latin"
    DISPLAY_NAME = "display_name"
    DISPLAY_ROLE = "display_role"


OF_COLLEAGUES = (Fact.DISPLAY_NAME, Fact.DISPLAY_ROLE)
"""The facts of one of the staff; the others are an owner's."""


def read(fact: Fact, text: str) -> dict[str, Any] | None:
    """Returns the columns that a fact as written stands for; None where it cannot be right."""
    match fact:
        case Fact.SURNAME | Fact.GIVEN_NAME | Fact.VILLA | Fact.DISPLAY_NAME:
            found: Any = name(text)
        case Fact.LATIN:
            found = latin.checked(text)
        case Fact.DISPLAY_ROLE:
            found = text if text in fitting.ROLES else None
        case Fact.TITLE:
            title = titles.named(text)
            return None if title is None else title.facts
        case Fact.LANGUAGE:
            found = language_named(text)
        case Fact.BIRTHDAY:
            day = birthday(text)
            return None if day is None else dict(zip(("birth_month", "birth_day"), day, strict=True))
        case _:
            assert_never(fact)
    return None if found is None else {fact.value: found}


def name(text: str) -> str | None:
    """Returns a name without its invisible letters; None where nothing is left, or too much."""
    found = name_of(text)
    has_controls = any(unicodedata.category(letter) in CONTROLS for letter in text.strip())
    return found if 1 <= len(found) <= LONGEST and not has_controls else None


def birthday(text: str) -> tuple[int, int] | None:
    """Returns the month and day of a birthday; None where it is none."""
    found = next(filter(None, (form.fullmatch(normalised(text)) for form in BIRTHDAYS)), None)
    month, day = (int(found[2]), int(found[3])) if found else (0, 0)
    is_one = 1 <= month <= 12 and 1 <= day <= calendar.monthrange(2000, month)[1]
    return (month, day) if is_one else None
