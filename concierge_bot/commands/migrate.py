"""`concierge migrate`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from concierge_bot.commands.backup import LIVES_FOR
from concierge_bot.database_urls import place
from concierge_bot.runtime.installation import ConciergeError, LastingError, clock_of, open_storage, reason_of
from concierge_bot.runtime.processes.single_instance import alone
from concierge_bot.settings import Settings
from storage import schema
from storage.engine.unit import Storage
from storage.living import do_not_wait_for_ever, living_parts, running
from storage.losses import Loss, losses


def go_to(settings: Settings, version: str, *, lose: int | None) -> str:
    """Migrates the schema up or down to a version. Returns a one-line summary. Raises ConciergeError.

    Refuses a downgrade while a concierge is on duty, and where it would lose rows that `lose` does not count.
    """
    _check_wanted(version)
    alive_since = clock_of(settings).machine() - LIVES_FOR
    storage = open_storage(settings, create=True)
    try:
        present = schema.present(storage)
        _check_present(present)
        if present is not None and _is_down(present, version):
            _go_down(storage, version, alive_since, lose)
        else:
            schema.upgrade(storage, version)
        after = schema.present(storage)
    except DBAPIError as error:
        raise ConciergeError(f"The schema of {place(storage.url)} could not be changed: {reason_of(error)}.") from None
    except CommandError as error:
        raise ConciergeError(f"There is no such version: {error}.") from None
    finally:
        storage.close()
    made = f"new database: {place(storage.url)}\n" if present is None and after is not None else ""
    return f"{made}schema: {present or 'none'} → {after or 'none'}"


def _check_present(present: str | None) -> None:
    if present is not None and not schema.is_known(present):
        raise LastingError(f"The database has the schema {present} of a newer concierge: install that version.")


def _check_wanted(wanted: str) -> None:
    if wanted not in {schema.HEAD, schema.BASE} and not schema.is_known(wanted):
        raise ConciergeError(f"There is no such version: “{wanted}”. Name one like {schema.needed()}, head or base.")


def _is_down(present: str, wanted: str) -> bool:
    return wanted == schema.BASE or (wanted != schema.HEAD and wanted < present)


def _go_down(storage: Storage, version: str, alive_since: datetime, lose: int | None) -> None:
    """Counts the losses and migrates down in one transaction, so that no row is lost uncounted."""
    with alone(storage), storage.engine.begin() as connection:
        do_not_wait_for_ever(connection)
        present = schema.version_of(connection)
        if present is None or not _is_down(present, version):
            return
        if parts := living_parts(connection, present, alive_since):
            raise ConciergeError(running(parts))
        _check_word(connection, losses(connection, present, version), version, lose)
        schema.bring_down(connection, version)


def _check_word(connection: Connection, lost: Sequence[Loss], version: str, lose: int | None) -> None:
    total = sum(loss.rows for loss in lost)
    if not total or total == lose:
        return
    named = ", ".join(f"{loss.rows} of {loss.name}" for loss in lost)
    where = place(connection.engine.url)
    raise ConciergeError(
        f"Nothing was changed: the schema {version} has no place for what {where} holds ({named}). "
        f"Run `concierge backup` first, then add --lose {total} to lose these rows."
    )
