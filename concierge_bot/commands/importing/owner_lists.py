"""Lists of owners: every row is read, and each that cannot be right is named by line, column and reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from concierge_bot.address import latin, titles
from concierge_bot.commands import progress
from concierge_bot.commands.importing import days, tables
from concierge_bot.commands.importing.days import Order
from concierge_bot.commands.importing.headings import NEEDED, Head
from concierge_bot.commands.importing.tables import Reading, Row
from concierge_bot.desk.directory import facts
from concierge_bot.desk.profiles.newcomers import Owner
from concierge_bot.i18n import language_named, languages
from concierge_bot.language.countries import country_named
from concierge_bot.runtime.installation import ConciergeError

NOTHING = re.compile(r"n/a|n\.a\.|none|null|nil|无|無|なし|없음", re.IGNORECASE)
"""What people write into a cell for which they have nothing. Not NA, which is Namibia."""
DASHES = re.compile(r"[-–—−/.?]+")
WIDE = {0xFF00 + at: 0x20 + at for at in (*range(0x10, 0x1A), *range(0x21, 0x3B), *range(0x41, 0x5B), 0x0D)}
"""Digits, letters and the hyphen of full width, as those that everybody types."""
FAILED = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|NV|BEZUG!|WERT!)")
"""What a spreadsheet shows for a formula that failed."""
NAMES = (*NEEDED, "given_name", "patronymic")
LOST = "\ufffd"
SHOWN = 40
"""The letters of a cell that a fault shows."""


class WrongError(ValueError):
    """Raised for a cell that cannot be right; the message says why, as the end of a sentence."""


@dataclass(frozen=True)
class OwnerList:
    """The owners of a list, each with the number of its line, and what of the file was not taken."""

    owners: list[tuple[int, Owner]]
    unknown: list[str]
    """Headings that stand for nothing that is known of owners."""


@dataclass(frozen=True)
class Options:
    """The facts about a list that an operator adds where it does not tell them itself."""

    reading: Reading = field(default_factory=Reading)
    dates: Order | None = None


def read(file: Path, options: Options) -> OwnerList:
    """Reads a list of owners. Raises ConciergeError, which names each wrong row in a line of its own."""
    head, rows = tables.read(file, options.reading)
    order = options.dates or days.order_of(_column(head, rows, "birthday"))
    found: list[tuple[int, Owner]] = []
    wrong: list[str] = []
    with progress.bar("Reading", len(rows)) as step:
        for row in progress.each(rows, step):
            owner, faults = _owner(head, row, order)
            wrong += faults
            if owner is not None:
                found.append((row[0], owner))
    if wrong:
        rows_wrong = len({fault.split(",", 1)[0] for fault in wrong})
        many = "1 row" if rows_wrong == 1 else f"{rows_wrong} rows"
        summary = f"Nobody was written down: {many} of {file} cannot be right, see above."
        raise ConciergeError("\n".join([*wrong, summary]))
    if not found:
        raise ConciergeError(f"{file} has no owners.")
    return OwnerList(found, head.unknown)


def _column(head: Head, rows: list[Row], column: str) -> Iterator[str]:
    at = head.columns.index(column) if column in head.columns else None
    if at is not None:
        yield from (cells[at] for _, cells in rows if at < len(cells))


def _owner(head: Head, row: Row, order: Order | None) -> tuple[Owner | None, list[str]]:
    """Returns the owner of a row, or what is wrong with it."""
    line, cells = row
    told: dict[str, Any] = {}
    faults = [
        f"line {line}, column {head.heading(at)}: “{_cut(cell)}” stands under no heading."
        for at, cell in enumerate(cells)
        if cell and (at >= len(head.cells) or not head.cells[at])
    ]
    for at, column in enumerate(head.columns):
        cell = cells[at] if at < len(cells) else ""
        if column is None or (not cell and column not in NEEDED):
            continue
        try:
            told |= _read(column, cell, order)
        except ValueError as error:
            said = f"“{_cut(cell)}” {error}." if cell else "is missing."
            faults.append(f"line {line}, column {head.heading(at)}: {said}")
    return (None, faults) if faults else (Owner(**told), [])


def _cut(cell: str) -> str:
    plain = " ".join(cell.split())
    return plain if len(plain) <= SHOWN else plain[: SHOWN - 1] + "…"


@lru_cache(1 << 14)
def _read(column: str, cell: str, order: Order | None) -> dict[str, Any]:
    """Returns the facts that a cell tells; cached, since lists say many things often. Raises ValueError."""
    if FAILED.fullmatch(cell):
        raise WrongError("is a formula that failed")
    if column not in NEEDED and DASHES.fullmatch(cell):
        return {}
    if column in NAMES:
        return {column: _name(column, cell.translate(WIDE))}
    if NOTHING.fullmatch(cell):
        return {}
    if column == "birthday":
        month, day = days.birthday(cell, order)
        return {"birth_month": month, "birth_day": day}
    if column == "title":
        return dict(_title(cell))
    return {column: READERS[column](cell)}


def _name(column: str, cell: str) -> str:
    if not cell:
        raise WrongError("is missing")
    if LOST in cell or is_mangled(cell):
        raise WrongError("was once read in a wrong encoding: some of its letters are lost or others")
    found = facts.name(cell)
    if found is None:
        raise WrongError(_why_no_name(cell))
    if column == "surname" and not any(letter.isalpha() for letter in found):
        raise WrongError("has no letter")
    return found


def _why_no_name(cell: str) -> str:
    if len(cell) > facts.LONGEST:
        return f"is too long: it may have {facts.LONGEST} letters"
    return "has a break of lines, or nothing that can be seen"


def is_mangled(text: str) -> bool:
    """Tells whether a text is UTF-8 that was read as Windows-1252: *MÃ¼ller*."""
    if text.isascii():
        return False
    try:
        return not text.encode("windows-1252").decode("utf-8").isascii()
    except UnicodeError:
        return False


def _title(cell: str) -> dict[str, str | None]:
    found = titles.named(cell)
    if found is None:
        raise WrongError(f"is no title: it should be one of {', '.join((*titles.CODES, *titles.RANKS))}")
    return found.facts


def _latin(cell: str) -> str:
    found = latin.checked(cell)
    if found is None:
        raise WrongError(f"should be 1 to {latin.LONGEST} Latin letters")
    return found


def _language(cell: str) -> str:
    found = language_named(cell)
    if found is None:
        raise WrongError(f"is no language of the concierge's: it should be one of {', '.join(languages())}")
    return found


def _country(cell: str) -> str:
    found = country_named(cell)
    if found is None:
        raise WrongError("is no country: it should be its name, or two letters such as CN")
    return found


READERS: dict[str, Callable[[str], str]] = {"latin": _latin, "language": _language, "nationality": _country}
