"""Lists of owners as spreadsheets write them: CSV with commas, semicolons or tabs, in UTF-8 or Excel's Unicode text."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from concierge_bot.commands import invite
from concierge_bot.desk.profiles.newcomers import Owner
from concierge_bot.language.typed import comparable
from concierge_bot.runtime.installation import ConciergeError

NEEDED = ("villa", "surname")
COLUMNS = (*NEEDED, "given_name", "title", "language", "birthday", "nationality")
NAMED = 10
"""How many wrong lines a refusal names."""
DELIMITERS = (",", ";", "\t")
SEPARATOR = re.compile(r'"?sep=(.)"?[;,\s]*', re.IGNORECASE)
"""What Excel writes above the first line."""
Line = tuple[int, dict[str, str]]


def read(file: Path) -> list[tuple[int, Owner]]:
    """Reads the owners on a list, each with its line number. Raises ConciergeError, which names each wrong line."""
    found: list[tuple[int, Owner]] = []
    wrong: list[str] = []
    for number, fields in _lines(file):
        try:
            found.append((number, invite.owner(**dict.fromkeys(NEEDED, "") | fields)))
        except ConciergeError as error:
            wrong.append(f"line {number}: {str(error).replace('--', '').replace('given-name', 'given_name')}")
    if wrong:
        more = f" And {len(wrong) - NAMED} more." if len(wrong) > NAMED else ""
        raise ConciergeError(f"Nobody was written down. {' '.join(wrong[:NAMED])}{more}")
    if not found:
        raise ConciergeError(f"{file} has no owners.")
    return found


def _lines(file: Path) -> Iterator[Line]:
    """Yields each line that is not empty, as its values by column name."""
    rows = _rows(file)
    names = _names(file, next(rows, (0, []))[1])
    for number, cells in rows:
        beyond = [cell for cell in cells[len(names) :] if cell]
        if beyond or any(cell for name, cell in zip(names, cells, strict=False) if not name):
            raise ConciergeError(f"Line {number} of {file} has more fields than the first line.")
        filled = {name: cell for name, cell in zip(names, cells, strict=False) if cell}
        if filled:
            yield number, filled


def _names(file: Path, cells: list[str]) -> list[str]:
    names = [comparable(cell).replace(" ", "_") for cell in cells]
    named = [name for name in names if name]
    if len(named) > len(set(named)) or not set(NEEDED) <= set(named) <= set(COLUMNS):
        raise ConciergeError(f"The first line of {file} should name columns: villa, surname, and any of {COLUMNS[2:]}.")
    return names


def _rows(file: Path) -> Iterator[tuple[int, list[str]]]:
    """Yields the cells of each line that is not empty, stripped of blanks, and the line's number."""
    text = _text(file)
    head, _, rest = text.partition("\n")
    told = SEPARATOR.fullmatch(head.strip(" \r"))
    if told:
        text = rest
    delimiter = told[1] if told else max(DELIMITERS, key=head.count)
    closed = re.sub(rf'"[ \u00a0]+(?={re.escape(delimiter)}|\r?$)', '"', text, flags=re.MULTILINE)
    rows = csv.reader(io.StringIO(closed, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True)
    try:
        for row in rows:
            cells = [cell.strip() for cell in row]
            if any(cells):
                yield rows.line_num + bool(told), cells
    except csv.Error as error:
        raise ConciergeError(f"Line {rows.line_num + bool(told)} of {file} cannot be read: {error}.") from None


def _text(file: Path) -> str:
    try:
        found = file.read_bytes()
        encoding = "utf-16" if found.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
        return found.decode(encoding)
    except OSError as error:
        raise ConciergeError(f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise ConciergeError(f"{file} is not in UTF-8: save it as CSV UTF-8.") from None
