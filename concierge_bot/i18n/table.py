"""The table of languages: what a language is called, and by whose conventions it writes."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

LOCALES = Path(__file__).parent.parent.parent / "locales"
DOMAIN = "concierge"
SOURCE_LANGUAGE = "en"
TABLE = Path(__file__).with_name("languages.toml")


class PartOfDay(StrEnum):
    """The part of the day that a greeting is for, as a language divides it."""

    EARLY = "early"
    MORNING = "morning"
    NOON = "noon"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    ANY = "any"
    """A greeting that fits any hour, such as 您好."""


@dataclass(frozen=True)
class Language:
    """A row of the table; the comments at the head of the table describe the fields."""

    code: str
    name: str
    locale: str
    telegram: str
    separator: str
    greetings: tuple[tuple[time, PartOfDay], ...]
    """The hour from which each greeting is said, earliest first; before the first, the last still holds."""
    aliases: tuple[str, ...] = ()
    right_to_left: bool = False
    spaced: bool = False

    def part_of_day(self, now: time) -> PartOfDay:
        """Returns the part of the day by which one greets at a time."""
        parts = self.greetings
        for (starts, part), (ends, _) in pairwise(parts):
            if starts <= now < ends:
                return part
        return parts[-1][1]


def _read(code: str, row: dict[str, Any]) -> Language:
    hours = sorted((int(hour), PartOfDay(part)) for hour, part in row.pop("greetings").items())
    return Language(
        code=code,
        aliases=tuple(row.pop("aliases", ())),
        greetings=tuple((time(hour), part) for hour, part in hours),
        **row,
    )


@cache
def table() -> dict[str, Language]:
    """Returns every row of the table by its language's code, also of languages without words yet."""
    return {code: _read(code, row) for code, row in tomllib.loads(TABLE.read_text(encoding="utf-8")).items()}


@cache
def languages() -> tuple[str, ...]:
    """Returns the codes of the languages that the concierge speaks: those of the table with words, in its order."""
    return tuple(code for code in table() if code == SOURCE_LANGUAGE or words_file(code).is_file())


@cache
def codes() -> tuple[str, ...]:
    """Returns the codes by which the spoken languages are known, those of older rows and files last."""
    return (*languages(), *(alias for code in languages() for alias in table()[code].aliases))


@cache
def language_of(code: str | None) -> str | None:
    """Returns the code of a spoken language by its code or an alias of it; None where there is none such."""
    found = canonical(code)
    return found if found in languages() else None


@cache
def of_menus() -> dict[str, str]:
    """Returns the spoken languages by what Telegram calls them in menus; of two with one code the first has it."""
    found: dict[str, str] = {}
    for code in languages():
        found.setdefault(table()[code].telegram, code)
    return found


def words_file(code: str) -> Path:
    """Returns the path of a language's words."""
    return LOCALES / code / "LC_MESSAGES" / f"{DOMAIN}.po"


@cache
def canonical(code: str | None) -> str | None:
    """Returns the code of a language of the table by its code or one of its aliases, such as `zh` of older rows."""
    return next((row.code for row in table().values() if code == row.code or code in row.aliases), None)
