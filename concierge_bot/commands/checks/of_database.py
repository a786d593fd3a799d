"""Checks around the database, before anything in it."""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import text

from concierge_bot.commands.checks.finding import Finding, advice, well, wrong
from concierge_bot.desk.context import Desk
from concierge_bot.desk.operations import drills
from concierge_bot.runtime.installation import Installation

MEGABYTE = 1024**2
ROOM = 100 * MEGABYTE
"""The free space below which a disk counts as full: a night's backup and the journal need some of it."""


def writable(installation: Installation) -> Finding | None:
    """Checks that the database takes what is written, without writing anything; None where all is well."""
    storage, place = installation.storage, installation.place
    if storage.is_sqlite:
        return _with_room(Path(place))
    with storage.reading() as session:  # it is read-only itself: what the next one would be says the default
        barred = session.connection().execute(text(BARRED)).scalar_one()
    if barred:
        return wrong("database", f"The database {place} may only be read: {BARRED_BY[barred]}.")
    return None


BARRED = (
    "SELECT CASE WHEN pg_is_in_recovery() THEN 'recovery' "
    "WHEN current_setting('default_transaction_read_only')::bool THEN 'default' END"
)
BARRED_BY = {
    "recovery": "this server is a standby. Name the primary in CONCIERGE_DATABASE_URL",
    "default": "it has default_transaction_read_only=on. Set that off again",
}


def _with_room(file: Path) -> Finding | None:
    free = shutil.disk_usage(file.parent).free
    if free < ROOM:
        said = f"The disk of {file} is full, or nearly so: {free // MEGABYTE} MB are free. Make room."
        return wrong("database", said)
    return None


def open_to_others(installation: Installation) -> Finding | None:
    """Warns where others on the machine may read the database file, as a copied one; None where all is well."""
    storage = installation.storage
    file = Path(storage.url.database or "") if storage.is_sqlite else None
    if file is None or not file.is_file() or not file.stat().st_mode & 0o077:
        return None
    return wrong("database file", f"Others on this machine may read {file}: run `chmod 600 {file}*`.")


def restore_drill(desk: Desk) -> Finding:
    """Says when a backup was last restored on trial; advises to do so where that is too long ago."""
    check, how = "restore drill", "`concierge restore --check FOLDER` tries the newest backup of a folder"
    found = drills.latest(desk)
    if found is None:
        return advice(check, f"No backup was ever restored on trial: {how}.")
    said = f"{found.at:%Y-%m-%d}, with the backup of {found.backup_of:%Y-%m-%d %H:%M} UTC"
    if desk.now - found.at > drills.EVERY:
        return advice(check, f"The last one that succeeded was on {said}: {how}.")
    if not found.was_fresh:
        said = f"The last one was on {said}, an old one already: are backups still made? {how}."
        return advice(check, said)
    return well(check, f"succeeded on {said}")
