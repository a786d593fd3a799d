"""Files as rows of cells: CSV of every kind, and the sheets of XLSX, XLS and ODS."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from concierge_bot.commands.importing import encodings, headings, sheets
from concierge_bot.commands.importing.headings import ABOVE, Head
from concierge_bot.runtime.installation import ConciergeError

LARGEST = 32_000_000
"""The bytes of a list, at most: a hundred times those of ten thousand owners."""
DELIMITERS = (",", ";", "\t", "|")
SEPARATOR = re.compile(r'"?sep=(.)"?[;,\s]*', re.IGNORECASE)
"""What Excel writes above the first line."""
Row = tuple[int, list[str]]
"""The number of a row's first line in the file, and its cells without the blanks around them."""


@dataclass(frozen=True)
class Reading:
    """The encoding and the sheet of a file, where it does not tell them itself."""

    encoding: str | None = None
    sheet: str | None = None


def read(file: Path, how: Reading) -> tuple[Head, list[Row]]:
    """Returns the headings of a list, and its rows that are not blank. Raises ConciergeError."""
    content = _content(file)
    if not sheets.is_workbook(content):
        return _of_text(file, encodings.text_of(file, content, how.encoding))
    found = sheets.read(file, content, how.sheet)
    parted = [(name, parts) for name, rows in found if (parts := _parted(rows))]
    if len(parted) > 1:
        names = ", ".join(f"“{name}”" for name, _ in parted)
        raise ConciergeError(f"{file} has several lists, {names}: name one with --sheet.")
    if not parted:
        raise _without_headings(file, [row for _, rows in found for row in rows])
    return parted[0][1]


def _content(file: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST:
            raise ConciergeError(f"{file} is too large for a list of owners: {file.stat().st_size / 1e6:.0f} MB.")
        return file.read_bytes()
    except OSError as error:
        raise ConciergeError(f"{file} cannot be read: {error.strerror}.") from None


def _of_text(file: Path, text: str) -> tuple[Head, list[Row]]:
    """Returns the headings and rows of a CSV, by the delimiter with which it has headings."""
    head, _, rest = text.partition("\n")
    told = SEPARATOR.fullmatch(head.strip(" \r"))
    if told:
        return _require(file, _csv(file, rest, told[1], 1))
    likely = max(DELIMITERS, key=head.count)
    for delimiter in sorted(DELIMITERS, key=lambda one: one != likely):
        top = _top(file, text, delimiter)
        if top is not None:
            return _require(file, _csv(file, text, delimiter, 0))
    return _require(file, _csv(file, text, likely, 0))


def _top(file: Path, text: str, delimiter: str) -> Head | None:
    """Returns the headings that a text has with a delimiter; None where it has none."""
    rows = _csv(file, "\n".join(text.split("\n", ABOVE)[:ABOVE]), delimiter, 0)
    try:
        return next((found for row in rows if (found := headings.read(*row))), None)
    except ConciergeError:
        return None


def _csv(file: Path, text: str, delimiter: str, before: int) -> Iterator[Row]:
    """Yields the rows of a CSV that are not blank. Raises ConciergeError where it cannot be taken apart."""
    closed = re.sub(rf'"[ \u00a0]+(?={re.escape(delimiter)}|\r?$)', '"', text, flags=re.MULTILINE)
    rows = csv.reader(io.StringIO(closed, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True)
    first = before + 1
    try:
        for row in rows:
            cells = [cell.strip() for cell in row]
            if any(cells):
                yield first, cells
            first = before + rows.line_num + 1
    except csv.Error as error:
        raise ConciergeError(f"Line {first} of {file} cannot be read: {error}.") from None


def _require(file: Path, rows: Iterator[Row]) -> tuple[Head, list[Row]]:
    found = list(rows)
    parted = _parted(found)
    if parted is None:
        raise _without_headings(file, found)
    return parted


def _parted(rows: list[Row]) -> tuple[Head, list[Row]] | None:
    """Returns the headings, and the rows beneath them but those that say the headings again."""
    for at, row in enumerate(rows[:ABOVE]):
        head = headings.read(*row)
        if head is not None:
            again = [cell for cell in head.cells if cell]
            return head, [(line, cells) for line, cells in rows[at + 1 :] if [cell for cell in cells if cell] != again]
    return None


def _without_headings(file: Path, rows: list[Row]) -> ConciergeError:
    needed = f"One line of {file} should name its columns: villa, surname, and any of {', '.join(OPTIONAL)}"
    if not rows:
        return ConciergeError(f"{file} is empty. {needed}.")
    whole = headings.holds_whole_names(rows[0][1])
    if whole is not None:
        return ConciergeError(
            f"{file} has whole names under “{whole}”: nobody can tell for sure what of a name is the surname. "
            "Give surname and given name a column each."
        )
    first = ", ".join(f"“{cell}”" for cell in rows[0][1] if cell)
    return ConciergeError(f"{needed}. Its first line has {first}.")


OPTIONAL = [column for column in headings.COLUMNS if column not in headings.NEEDED]
