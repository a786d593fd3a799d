"""Birthdays as lists have them: the year is not kept, and of 03/04/1971 it has to be known what is the month."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from enum import StrEnum

from concierge_bot.desk.directory import facts
from concierge_bot.language.typed import normalised

TIME_BEHIND = re.compile(r"[T ]0?0:00(:00(\.0+)?)?( AM|Z)?$|[T ]12:00(:00)? AM$")
DOTTED = re.compile(r"(\d{1,2})\. ?(\d{1,2})\.( ?\d{2}| ?\d{4})?")
SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(?:\d{2}|\d{4}))?|(\d{1,2})-(\d{1,2})-\d{4}")
UNBROKEN = re.compile(r"(?:19|20)\d{2}(\d{2})(\d{2})")
SERIAL = re.compile(r"\d{4,5}(\.0+)?")
IN_WORDS = (
    re.compile(r"(?P<day>\d{1,2})\.?[- ](?P<month>[A-Za-z]{3,9})\.?,?([- ]\d{2,4})?"),
    re.compile(r"(?P<month>[A-Za-z]{3,9})\.?[- ](?P<day>\d{1,2})(,?[- ]\d{4})?"),
)
MONTHS = {
    name.lower(): month
    for names in (calendar.month_name, calendar.month_abbr)
    for month, name in enumerate(names)
    if name
}


class Order(StrEnum):
    """The number that stands first in a date with slashes."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


class NoDayError(ValueError):
    """Raised for what is no birthday; the message says why, as the end of a sentence."""


Day = tuple[int, int]
"""A month and a day of it."""


def order_of(texts: Iterable[str]) -> Order | None:
    """Returns what stands first in the dates of a column, where some can be read in one way only, and all agree."""
    told = set()
    for text in texts:
        first, second = _slashed(normalised(text)) or (0, 0)
        if first > 12 >= second > 0:
            told.add(Order.DAY_FIRST)
        if second > 12 >= first > 0:
            told.add(Order.MONTH_FIRST)
    return told.pop() if len(told) == 1 else None


def birthday(text: str, order: Order | None) -> Day:
    """Returns the month and day of a birthday. Raises NoDayError."""
    plain = TIME_BEHIND.sub("", normalised(text))
    found = facts.birthday(plain)
    if found is not None:
        return found
    slashed = _slashed(plain)
    if slashed is not None:
        return _in_order(*slashed, order)
    return _dotted(plain) or _unbroken(plain) or _in_words(plain) or _no_day(plain)


def _slashed(text: str) -> Day | None:
    found = SLASHED.fullmatch(text)
    return (int(found[1] or found[3]), int(found[2] or found[4])) if found else None


def _in_order(first: int, second: int, order: Order | None) -> Day:
    if order is None and first <= 12 and second <= 12 and first != second:
        names = calendar.month_name
        raise NoDayError(
            f"may be {second} {names[first]} or {first} {names[second]}: name the order with --dates day-first or "
            "--dates month-first"
        )
    day_first = order is Order.DAY_FIRST if order is not None else first > 12
    return _valid(second, first) if day_first else _valid(first, second)


def _dotted(text: str) -> Day | None:
    found = DOTTED.fullmatch(text)
    return _valid(int(found[2]), int(found[1])) if found else None


def _unbroken(text: str) -> Day | None:
    found = UNBROKEN.fullmatch(text)
    return _valid(int(found[1]), int(found[2])) if found else None


def _in_words(text: str) -> Day | None:
    found = next(filter(None, (form.fullmatch(text) for form in IN_WORDS)), None)
    month = MONTHS.get(found["month"].lower()) if found else None
    return _valid(month, int(found["day"])) if found and month else None


def _valid(month: int, day: int) -> Day:
    if not (1 <= month <= 12 and 1 <= day <= calendar.monthrange(2000, month)[1]):
        raise NoDayError("is no day of the calendar")
    return month, day


def _no_day(text: str) -> Day:
    if SERIAL.fullmatch(text):
        raise NoDayError("is a spreadsheet's number for a day: give the column the format of a date")
    if re.fullmatch(r"(\d{4}[-/.])?\d{1,2}[-/.]\d{1,2}", text):
        raise NoDayError("is no day of the calendar")
    raise NoDayError("is no birthday: it should look like 1971-02-28 or 02-28")
