"""Restoring an archive into a database: everything in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import Connection, Table, func, select, update

from storage import schema
from storage.archive.ended_roles import Ended, ended_in
from storage.archive.manifest import ArchiveError, TableEntry
from storage.archive.numbers import go_on_from
from storage.archive.reading import Archive
from storage.archive.rows import Row, RowReader
from storage.archive.shapes import tables_of
from storage.engine.unit import Storage
from storage.living import do_not_wait_for_ever, living_parts, running
from storage.tables.people import Membership

AT_ONCE = 1000
"""The most rows in memory at a time."""
MOST_IN_MEMORY = 4 << 20
"""The most bytes of lines in memory at a time; their objects may take forty times as much."""
KEPT_FOR = ("people", "requests")
"""What a database holds that is in use."""


def restore(
    storage: Storage,
    archive: Archive,
    *,
    replace: bool,
    alive_since: datetime,
    record: Callable[[Connection], None] | None = None,
    settle: Callable[[Connection, Ended], None] | None = None,
) -> None:
    """Restores an archive at its own schema, then upgrades that to this program's.

    Memberships count as unconfirmed: who was taken out of a group since the backup must not be staff again. `record`
    writes what is to be remembered of it, in the same transaction; then `settle` is called in it, with what had ended
    in the database until then.

    Refuses a database that is in use: by people and requests, unless `replace`, and by a concierge with a heartbeat
    after `alive_since`. Raises ArchiveError, or sqlalchemy.exc.DBAPIError.
    """
    version = archive.manifest.schema_version
    with storage.engine.begin() as connection:
        do_not_wait_for_ever(connection)
        ended = ended_in(connection)
        _clear(connection, replace=replace, alive_since=alive_since)
        schema.bring_up(connection, version)
        tables = tables_of(version)
        entries = {entry.name: entry for entry in archive.manifest.tables}
        for table in tables:
            _fill(connection, archive, table, entries[table.name])
        go_on_from(connection, tables, {name: entry.last_number or 0 for name, entry in entries.items()})
        schema.bring_up(connection)
        connection.execute(update(Membership).values(confirmed_at=None, asked_at=None))
        if record is not None:
            record(connection)
        if settle is not None:
            settle(connection, ended)


def _clear(connection: Connection, *, replace: bool, alive_since: datetime) -> None:
    """Drops the tables. Raises ArchiveError where the database is newer, or in use."""
    version = schema.version_of(connection)
    if version is None:
        return
    if not schema.is_known(version):
        raise ArchiveError(f"The database has the schema {version} of a newer concierge: nothing was changed.")
    tables = tables_of(version)
    by_name = {table.name: table for table in tables}
    if parts := living_parts(connection, version, alive_since):
        raise ArchiveError(running(parts))
    if not replace:
        _refuse_one_in_use(connection, [by_name[name] for name in KEPT_FOR])
    tables[0].metadata.drop_all(connection, list(tables))
    schema.forget(connection)


def _refuse_one_in_use(connection: Connection, tables: list[Table]) -> None:
    counts = [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]
    if any(counts):
        held = " and ".join(f"{count} {table.name}" for count, table in zip(counts, tables, strict=True))
        raise ArchiveError(f"The database holds {held} already: add --replace to lose them, or name an empty one.")


def _fill(connection: Connection, archive: Archive, table: Table, entry: TableEntry) -> None:
    for some in _batches(archive, table, entry):
        connection.execute(table.insert(), some)
        some.clear()  # before the next ones are read
    count = connection.execute(select(func.count()).select_from(table)).scalar_one()
    if count != entry.rows:
        raise archive.damaged(f"of table {table.name}, {count} of {entry.rows} rows could be put back")


def _batches(archive: Archive, table: Table, entry: TableEntry) -> Iterator[list[Row]]:
    reader, batch, size = RowReader(table), list[Row](), 0
    for line in archive.lines(entry):
        if len(batch) == AT_ONCE or (batch and size + len(line) > MOST_IN_MEMORY):
            yield batch
            batch, size = [], 0
        try:
            batch.append(reader.read(line))
        except (ValueError, TypeError, RecursionError):
            raise archive.damaged(f"a row of table {table.name} cannot be read") from None
        size += len(line)
    if batch:
        yield batch
