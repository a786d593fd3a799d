"""`concierge backup` and `concierge restore`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from concierge_bot.catalogue import model as catalogues
from concierge_bot.commands import backup_folders
from concierge_bot.database_urls import place
from concierge_bot.desk.capabilities import CAPABILITIES
from concierge_bot.desk.context import Desk
from concierge_bot.desk.departures import restored, role_texts
from concierge_bot.desk.operations import drills
from concierge_bot.i18n import codes, words
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
from storage.archive.ended_roles import Ended
from storage.archive.manifest import ArchiveError, Manifest
from storage.archive.reading import Archive
from storage.archive.restoring import restore
from storage.archive.trial import restore_on_trial
from storage.archive.writing import write
from storage.engine.audit_log import Acting, Change, write_change
from storage.engine.unit import database
from storage.tables.audit import AuditAction, AuditSubject
from storage.tables.roles import Role

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
    made_at = clock_of(settings).machine()
    while True:
        target = backup_folders.free(folder, made_at)
        try:
            said = back_up(settings, target, force=False)
        except ConciergeError:
            if not target.exists():
                raise
        else:  # where another backup took the name meanwhile, it is made under the next one
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
    clock, catalogue = clock_of(settings), catalogues.load(settings.catalogue, codes())
    rights: list[str] = []

    def settle(connection: Connection, ended: Ended) -> None:
        with Session(connection, expire_on_commit=False) as session:
            desk = Desk(session, clock.now(), catalogue, capabilities=CAPABILITIES, operator=operator())
            again = restored.settle(desk, ended, kept.made_at)
            rights.extend(_rights(desk, again, is_known=ended.is_known))
            session.flush()

    try:
        with Archive(source) as archive:
            archive.check()
            kept = archive.manifest
            with closing(open_storage(settings, create=True)) as storage:
                where = "" if schema.present(storage) else f"new database: {place(storage.url)}\n"
                since = clock.machine() - LIVES_FOR
                who = Acting(clock.now(), operator=operator())
                record = partial(write_change, who=who, change=_change(source, kept))
                restore(storage, archive, replace=replace, alive_since=since, record=record, settle=settle)
    except ArchiveError as reason:
        raise ConciergeError(str(reason)) from None
    except DBAPIError as error:
        raise ConciergeError(f"Nothing was changed: the database refused it ({reason_of(error)}).") from None
    said = f"{where}restored: {_said(kept)}, as of {kept.made_at:%Y-%m-%d %H:%M} UTC"
    return "\n".join([said, *rights])


def _rights(desk: Desk, again: Iterable[Role], *, is_known: bool) -> Iterator[str]:
    """Yields what the operator reads of roles that ended since the backup."""
    for role in again:
        name, was = desk.person(role.person_id).name, role_texts.named(desk, role, words("en"))
        yield f"ended since, and stays ended: {name}, {was}"
    if not is_known:
        yield (
            "Anybody who left or moved out since then has their role again: "
            "see `concierge people list`, and end it again. The supervisors are told."
        )


def _change(source: Path, kept: Manifest) -> Change:
    """Returns the change that a restore is: all became as it was at the archive's moment, the audit trail too."""
    became = {"made_at": kept.made_at, "rows": kept.rows, "schema": kept.schema_version}
    return Change(AuditAction.ARCHIVE_RESTORED, AuditSubject("archive", None, source.name), None, {}, became)


def _said(kept: Manifest) -> str:
    counts = {table.name: table.rows for table in kept.tables}
    return f"{kept.rows} rows, of them {counts['requests']} requests and {counts['people']} people"
