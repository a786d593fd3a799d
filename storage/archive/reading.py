"""Reading an archive: nothing is handed out unchecked."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader, RawIOBase
from pathlib import Path
from types import TracebackType
from typing import Self, cast
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from storage import schema
from storage.archive.manifest import FORMAT, MANIFEST, WRONG, ArchiveError, Manifest, TableEntry
from storage.archive.shapes import tables_of

DAMAGE = (
    BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
"""What reading a zip raises whose bytes are not as they were written."""
BUFFER = 1 << 20
LARGEST_MANIFEST = 1 << 20
LONGEST_LINE = 4 << 20
"""Bytes: some forty times the longest update that Telegram sends."""
DENSEST = 500
"""How many bytes one byte of an archive may stand for. Rows shrink to a tenth, a bomb to a thousandth."""


class Archive:
    """An archive that is open for reading."""

    def __init__(self, path: Path) -> None:
        """Opens an archive. Raises ArchiveError where it cannot be read, is damaged, or is of a newer program."""
        self._path = path
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise ArchiveError(f"The archive {path} cannot be read: {error.strerror}.") from None
        try:
            with self._undamaged("it is cut off, or no archive"):
                self._zip = ZipFile(self._file)
                self._refuse_denser(path.stat().st_size)
                self.manifest = self._first_page()
            self._refuse_newer()
            self._refuse_other_tables()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()
        self._file.close()

    def check(self) -> None:
        """Reads every row. Raises ArchiveError where one is missing or was changed."""
        for table in self.manifest.tables:
            for _ in self.lines(table):
                pass

    def lines(self, table: TableEntry) -> Iterator[bytes]:
        """Yields the lines of a table. Raises ArchiveError, at the end at the latest, where they were changed."""
        digest, count = hashlib.sha256(), 0
        with self._undamaged(f"table {table.name}"), self._open(table.file) as file:
            while line := file.readline(LONGEST_LINE + 1):
                if len(line) > LONGEST_LINE:
                    raise ValueError("a line that no program of ours writes")
                digest.update(line)
                count += 1
                yield line
        if count != table.rows:
            raise self.damaged(f"table {table.name} has {count} rows instead of {table.rows}")
        if digest.hexdigest() != table.sha256:
            raise self.damaged(f"table {table.name} was changed")

    def damaged(self, what: str) -> ArchiveError:
        """Builds the error for an archive that is not as it was written."""
        return ArchiveError(WRONG.format(path=self._path, what=what))

    def _first_page(self) -> Manifest:
        with self._open(MANIFEST) as file:
            return Manifest.model_validate_json(file.read(LARGEST_MANIFEST))

    def _open(self, name: str) -> BufferedReader:
        entry = self._zip.getinfo(name)
        if entry.compress_type != ZIP_DEFLATED:
            raise BadZipFile("no compression that an archive has")
        return BufferedReader(cast("RawIOBase", self._zip.open(entry)), BUFFER)

    def _refuse_denser(self, size: int) -> None:
        """Refuses what unpacks to more than an archive can: names in a zip may share their bytes."""
        if sum(entry.file_size for entry in self._zip.infolist()) > size * DENSEST:
            raise BadZipFile("far more in it than an archive has")

    def _refuse_newer(self) -> None:
        if self.manifest.format > FORMAT or not schema.is_known(self.manifest.schema_version):
            made_by = f"concierge {self.manifest.program_version} (schema {self.manifest.schema_version})"
            raise ArchiveError(f"The archive {self._path} was made by {made_by}, which is newer: install that version.")

    def _refuse_other_tables(self) -> None:
        wanted = {table.name for table in tables_of(self.manifest.schema_version)}
        if {table.name for table in self.manifest.tables} != wanted or len(wanted) != len(self.manifest.tables):
            raise self.damaged("it has other tables than its schema")

    @contextmanager
    def _undamaged(self, what: str) -> Iterator[None]:
        try:
            yield
        except DAMAGE:
            raise self.damaged(what) from None
