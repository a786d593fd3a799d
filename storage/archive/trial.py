"""Restoring an archive on trial: whole, into a database that nobody uses."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

from storage.archive.reading import Archive
from storage.archive.restoring import restore
from storage.engine.unit import Storage

CHECKS = ("PRAGMA integrity_check", "PRAGMA foreign_key_check")


def restore_on_trial(archive: Archive, alive_since: datetime) -> None:
    """Restores an archive into a temporary SQLite database. Raises ArchiveError, or sqlalchemy.exc.DBAPIError."""
    archive.check()
    with (
        TemporaryDirectory(prefix="concierge-restore-") as folder,
        closing(Storage(f"sqlite:///{Path(folder) / 'trial.sqlite'}")) as storage,
    ):
        restore(storage, archive, replace=False, alive_since=alive_since)
        with storage.engine.connect() as connection:
            found = [tuple(row) for check in CHECKS for row in connection.execute(text(check))]
    if found != [("ok",)]:
        raise archive.damaged("its rows do not fit together")
