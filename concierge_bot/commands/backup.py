"""`concierge backup` and `concierge restore`."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from functools import partial
from importlib.metadata import version
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from concierge_bot.commands import backup_folders
from concierge_bot.database_urls import place
from concierge_bot.desk.operations import drills
from concierge_bot.operators import operator
from concierge_bot.runtime.installation import (
    ConciergeError,
    clock_of,
    open_installation,
    open_storage,
    reason_of,
    require_database,
)
from concierge_bot.settings import Settings
from storage import schema
from storage.archive.manifest import ArchiveError, Manifest
from storage.archive.reading import Archive
from storage.archive.restoring import restore
from storage.archive.trial import restore_on_trial
from storage.archive.writing import write
from storage.engine.audit_log import Acting, Change, write_change
from storage.engine.unit import database
from storage.tables.audit import AuditAction, AuditSubject

PROGRAM = "villa-concierge"
LIVES_FOR = timedelta(seconds=30)
"""After its last sign of life, by the machine's own time, a concierge may still be running for so long."""


def back_up(settings: Settings, target: Path, *, force: bool) -> str:
    """Writes a backup to a file while the concierge runs. Returns a one-line summary. Raises ConciergeError."""
    require_database(settings)
    made_at = clock_of(settings).machine()
    try:
        kept = write(
            database(settings.database_url),
            target,
            made_at=made_at,
            program_version=version(PROGRAM),
            overwrite=force,
        )
        size = target.stat().st_size
    except ArchiveError as reason:
        raise ConciergeError(str(reason)) from None
    except DBAPIError as error:
        raise ConciergeError(f"The database could not be read: {reason_of(error)}.") from None
    return f"{target}: {_said(kept)}, {size / 1e6:.1f} MB, read back and found whole"


def back_up_in_turn(settings: Settings, folder: Path, *, keep: int) -> str:
    """Writes a backup into a folder, and deletes all but the newest ones there. Returns a one-line summary.

    Nothing is deleted before the new one is whole. Raises ConciergeError.
    """
    require_database(settings)
    backup_folders.made(folder)
    target = folder / backup_folders.name_of(clock_of(settings).machine())
    said = back_up(settings, target, force=False)
    return f"{said}; {backup_folders.rotate(target, keep)} backups are kept"


def try_restoring(settings: Settings, where: Path) -> str:
    """Restores a backup, or the newest of a folder, into a database that is thrown away, and records that it worked.

    Returns a one-line summary. Raises ConciergeError.
    """
    source = backup_folders.newest(where)
    require_database(settings)
    try:
        with Archive(source) as archive:
            restore_on_trial(archive, clock_of(settings).machine())
            kept = archive.manifest
    except ArchiveError as reason:
        raise ConciergeError(str(reason)) from None
    except DBAPIError as error:
        raise ConciergeError(f"{source} could not be restored: {reason_of(error)}.") from None
    installation = open_installation(settings)
    with closing(installation.storage), installation.desk() as desk:
        drills.record(desk, kept.made_at)
    return f"{source}: restored on trial, {_said(kept)}, as of {kept.made_at:%Y-%m-%d %H:%M} UTC"


def bring_back(settings: Settings, source: Path, *, replace: bool) -> str:
    """Restores a backup into the database. Returns a one-line summary. Raises ConciergeError."""
    alive_since = clock_of(settings).machine() - LIVES_FOR
    try:
        with Archive(source) as archive:
            archive.check()
            with closing(open_storage(settings, create=True)) as storage:
                where = "" if schema.present(storage) else f"new database: {place(storage.url)}\n"
                who = Acting(clock_of(settings).now(), operator=operator())
                record = partial(write_change, who=who, change=_change(source, archive.manifest))
                restore(storage, archive, replace=replace, alive_since=alive_since, record=record)
            kept = archive.manifest
    except ArchiveError as reason:
        raise ConciergeError(str(reason)) from None
    except DBAPIError as error:
        raise ConciergeError(f"Nothing was changed: the database did not take it ({reason_of(error)}).") from None
    return f"{where}restored: {_said(kept)}, as of {kept.made_at:%Y-%m-%d %H:%M} UTC"


def _change(source: Path, kept: Manifest) -> Change:
    """Returns the change that a restore is: all became as it was at the archive's moment, the audit trail too."""
    became = {"made_at": kept.made_at, "rows": kept.rows, "schema": kept.schema_version}
    return Change(AuditAction.ARCHIVE_RESTORED, AuditSubject("archive", None, source.name), None, {}, became)


def _said(kept: Manifest) -> str:
    counts = {table.name: table.rows for table in kept.tables}
    return f"{kept.rows} rows, of them {counts['requests']} requests and {counts['people']} people"
