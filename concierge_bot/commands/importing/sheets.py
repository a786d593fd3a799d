"""The sheets of a workbook, each cell as the text that people see in it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

from concierge_bot.runtime.installation import ConciergeError

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
"""What XLSX and ODS begin with, and XLS."""
LARGEST = 128_000_000
"""The bytes that a workbook unpacks to, at most."""
Cell = int | float | str | bool | time | date | datetime | timedelta
Rows = list[tuple[int, list[str]]]


def is_workbook(content: bytes) -> bool:
    """Tells whether a file is a workbook, whatever its name ends with."""
    return content.startswith((ZIP, OLE))


def read(file: Path, content: bytes, sheet: str | None) -> list[tuple[str, Rows]]:
    """Returns the visible sheets, or the one that is named, with the rows that are not blank. Raises ConciergeError."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum  # noqa: PLC0415 - for workbooks only

    _require_bounded(file, content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        visible = [it.name for it in book.sheets_metadata if it.visible == SheetVisibleEnum.Visible]
        names = visible if sheet is None else [name for name in book.sheet_names if name == sheet]
        if not names:
            raise ConciergeError(f"{file} has no sheet {sheet}: it has {', '.join(book.sheet_names)}.")
        return [(name, list(_rows(book.get_sheet_by_name(name).to_python(skip_empty_area=False)))) for name in names]
    except CalamineError as error:
        raise ConciergeError(f"{file} cannot be read as a workbook: {error}.") from None


def _require_bounded(file: Path, content: bytes) -> None:
    if not content.startswith(ZIP):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            size = sum(part.file_size for part in packed.infolist())
    except zipfile.BadZipFile:
        raise ConciergeError(f"{file} is damaged: it cannot be read as a workbook.") from None
    if size > LARGEST:
        raise ConciergeError(f"{file} unpacks to {size / 1e6:.0f} MB, too much for a list of owners.")


def _rows(cells: list[list[Cell]]) -> Iterator[tuple[int, list[str]]]:
    for number, row in enumerate(cells, 1):
        shown = [_shown(cell) for cell in row]
        if any(shown):
            yield number, shown


def _shown(cell: Cell) -> str:
    """Returns a cell as text: villa 8 is no 8.0, and midnight no part of a day."""
    match cell:
        case bool():
            return str(cell).upper()
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
        case date() | time():
            return cell.isoformat()
        case _:
            return str(cell).strip()
