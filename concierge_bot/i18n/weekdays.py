"""Weekdays as people type them: by their names in any language, alone, in a row or from one to another."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from babel import Locale
from babel.dates import get_day_names

from concierge_bot.i18n.table import SOURCE_LANGUAGE, table

CHINESE = ("周", "週", "星期", "礼拜", "禮拜")
CHINESE_DAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
PORTUGUESE = ("segunda", "terca", "quarta", "quinta", "sexta")
DAILY = ("daily", "every day", "每天", "每日", "毎日", "매일")
HAMZA = str.maketrans("أإآ", "ااا")

BETWEEN = re.compile(r"[\s.,;、،/&+]+|و|(?:and|und|et|y|e|и|和|及|と|와|과)(?![^\W\d_])")
"""What stands between two days of a row."""
TO = re.compile(r"\s*(?:[-–—―~〜至到]+|(?:to|bis|au|a|al|ate|до|по|الى|から|부터|에서)(?![^\W\d_]))\s*")
"""What stands between the first and the last day of several."""
FOR_ALL = tuple(range(7))


def plain(text: str) -> str:
    """Returns a text as it is compared: full-width signs narrow, small letters, without accents and unseen marks."""
    parts = unicodedata.normalize("NFKD", text).casefold().translate(HAMZA)
    kept = (letter for letter in parts if unicodedata.category(letter) not in ("Mn", "Cf"))
    return unicodedata.normalize("NFKC", "".join(kept)).strip()


def weekdays(text: str, language: str) -> tuple[int, ...] | None:
    """Returns the days (Monday is 0) that a text names, in their order; None where it names anything else.

    A name that is another day's in two languages is understood in the given one, or in English.
    """
    found: list[int] = []
    rest, is_range, names = plain(text), False, _names(language)
    if rest in DAILY:
        return FOR_ALL
    while rest:
        if found and not is_range and (between := TO.match(rest)):
            is_range, rest = True, rest[between.end() :]
        elif between := BETWEEN.match(rest):
            rest = rest[between.end() :]
        elif name := _begins(rest, names, follows=bool(found)):
            day, rest = names.get(name, CHINESE_DAYS.get(name, 0)), rest[len(name) :]
            found += _after(found[-1], day) if is_range else [day]
            is_range = False
        else:
            return None
    return tuple(dict.fromkeys(found)) if found and not is_range else None


def _after(first: int, last: int) -> list[int]:
    """Returns the days after the first up to the last, across the end of the week where need be."""
    return [(first + more) % 7 for more in range(1, (last - first) % 7 + 1)]


def _begins(text: str, names: dict[str, int], *, follows: bool) -> str | None:
    """Returns the longest name with which a text begins; after a Chinese day, its number will do: 周一至五."""
    for end in range(min(len(text), max(map(len, names))), 0, -1):
        if text[:end] in names and not _goes_on(text, end):
            return text[:end]
    return text[0] if follows and text[0] in CHINESE_DAYS else None


def _goes_on(text: str, end: int) -> bool:
    """Tells whether a word of an alphabet goes on where the name ends: "Mon" is no part of "Monika"."""
    return (
        text[end - 1].isalpha() and text[end - 1] < "\u2e80" and text[end : end + 1].isalpha() and text[end] < "\u2e80"
    )


@cache
def _names(language: str) -> dict[str, int]:
    """Returns the days by their names; of those that differ, the language's own and English win, others are none."""
    others: dict[str, set[int]] = {}
    for code in table():
        for name, day in _of(code):
            others.setdefault(name, set()).add(day)
    found = {name: min(days) for name, days in others.items() if len(days) == 1}
    found |= dict(_of(SOURCE_LANGUAGE)) | dict(_of(language))
    return found


def _of(language: str) -> Iterator[tuple[str, int]]:
    """Yields the names of days in a language, whole and cut short."""
    row = table().get(language, table()[SOURCE_LANGUAGE])
    locale = Locale.parse(row.locale)
    for width in ("short", "abbreviated", "wide"):
        for context in ("format", "stand-alone"):
            for day, name in get_day_names(width, context, locale=locale).items():
                yield plain(name).rstrip("."), day
    if row.code.startswith("zh"):
        yield from ((prefix + name, day) for prefix in CHINESE for name, day in CHINESE_DAYS.items())
    if row.code == "pt_BR":
        yield from ((name, day) for day, name in enumerate(PORTUGUESE))
    if row.code == "ja":
        yield from ((f"{name}曜", day) for day, name in enumerate("月火水木金土日"))
