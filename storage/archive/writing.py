"""Writing an archive: beside its place first, read back and checked, and only then published."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import Connection, Table, select
from sqlalchemy.engine import URL

from storage import schema
from storage.archive import rows
from storage.archive.manifest import FORMAT, MANIFEST, ArchiveError, Manifest, TableEntry
from storage.archive.numbers import last_numbers
from storage.archive.reading import Archive
from storage.archive.shapes import tables_of
from storage.archive.snapshots import snapshot

AT_ONCE = 1000
"""Rows in memory at a time."""
LEVEL = 3
"""Of zlib's nine: a third of the time of the usual one, for a tenth more of space."""
UNFINISHED = ".part"


def write(url: URL, target: Path, *, made_at: datetime, program_version: str, overwrite: bool = False) -> Manifest:
    """Writes a running system's database to a file that only its owner can read. Raises ArchiveError, or DBAPIError.

    The file appears under its name only when it is whole, on disk, and was read back.
    """
    _refuse_to_overwrite(target, overwrite=overwrite)
    try:
        with _beside(target) as part:
            with snapshot(url) as connection:
                manifest = _fill(connection, part, made_at, program_version)
            _check(part, manifest)
            _publish(part, target, overwrite=overwrite)
    except OSError as error:
        raise ArchiveError(f"The archive {target} cannot be written: {error.strerror or error}.") from None
    return manifest


def _refuse_to_overwrite(target: Path, *, overwrite: bool) -> None:
    if target.is_dir():
        raise ArchiveError(f"{target} is a folder: name a file, such as {target / 'concierge.zip'}.")
    if target.exists() and not overwrite:
        raise ArchiveError(f"{target} is there already: choose another name, or add --force.")


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """Creates a file in the same folder, and removes it at the end; a kill leaves it as `.name….part`."""
    with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", suffix=UNFINISHED, delete=False) as file:
        part = Path(file.name)
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


def _fill(connection: Connection, part: Path, made_at: datetime, program_version: str) -> Manifest:
    version = schema.version_of(connection)
    if version is None:
        raise ArchiveError("The database is empty: there is nothing to keep.")
    if not schema.is_known(version):
        raise ArchiveError(f"The database has the schema {version} of a newer concierge: install that version.")
    tables = tables_of(version)
    with part.open("r+b") as file:
        with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=LEVEL) as archive:
            entries = [_put(connection, archive, table) for table in tables]
            last = last_numbers(connection, tables)
            manifest = Manifest(
                format=FORMAT,
                schema_version=version,
                program_version=program_version,
                made_at=made_at,
                tables=tuple(entry.model_copy(update={"last_number": last.get(entry.name)}) for entry in entries),
            )
            archive.writestr(MANIFEST, manifest.model_dump_json(indent=2))
        file.flush()
        os.fsync(file.fileno())
    return manifest


def _put(connection: Connection, archive: ZipFile, table: Table) -> TableEntry:
    names = [column.name for column in table.columns]
    everything = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=AT_ONCE)
    digest, count = hashlib.sha256(), 0
    with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as file:
        for some in connection.execute(everything).partitions():
            lines = b"".join(rows.line(names, row) for row in some)
            digest.update(lines)
            file.write(lines)
            count += len(some)
    return TableEntry(name=table.name, rows=count, sha256=digest.hexdigest())


def _check(part: Path, written: Manifest) -> None:
    with Archive(part) as archive:
        archive.check()
        if archive.manifest != written:
            raise ArchiveError("The archive was not kept as it was written: check the disk.")


def _publish(part: Path, target: Path, *, overwrite: bool) -> None:
    if overwrite:
        part.replace(target)
    else:
        _name(part, target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _name(part: Path, target: Path) -> None:
    """Links the file to a free name: a link, unlike a rename, never replaces another file."""
    try:
        target.hardlink_to(part)
    except FileExistsError:
        _refuse_to_overwrite(target, overwrite=False)
        raise
    except OSError:  # a file system without links
        _refuse_to_overwrite(target, overwrite=False)
        part.replace(target)
