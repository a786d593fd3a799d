"""The single instance on SQLite: two would send every message twice."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from concierge_bot.runtime.installation import ConciergeError
from storage.engine.unit import Storage


@contextmanager
def alone(storage: Storage) -> Iterator[None]:
    """Locks the database for one process; the system frees the lock however the process ends.

    Raises ConciergeError where another process holds the lock. On PostgreSQL it does nothing.
    """
    name = storage.url.database
    if not storage.is_sqlite or not name:
        yield
        return
    # A file of its own: closing the database's file would drop SQLite's locks on it.
    with _opened(Path(f"{name}-duty").absolute()) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ConciergeError(
                "Another concierge is on duty with this database. On SQLite there can be only one; "
                "several need PostgreSQL."
            ) from None
        yield


def _opened(file: Path) -> IO[str]:
    try:
        return file.open("w")
    except OSError as error:
        raise ConciergeError(f"{file}, beside the database, cannot be written: {error.strerror}.") from None
