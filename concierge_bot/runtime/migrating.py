"""`concierge migrate`."""

from __future__ import annotations

from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError

from concierge_bot.runtime.house import HouseError
from storage import schema
from storage.unit import Storage


def go_to(storage: Storage, version: str) -> str:
    """Brings the schema up or down to a version. Returns what was done, in one line. Raises HouseError."""
    try:
        present = schema.present(storage)
        if present is not None and not schema.is_known(present):
            raise HouseError(f"The database has the schema {present} of a newer concierge: install that version.")
        is_down = version == schema.BASE or (present is not None and version != schema.HEAD and version < present)
        (schema.downgrade if is_down else schema.upgrade)(storage, version)
        after = schema.present(storage)
    except DBAPIError as error:
        raise HouseError(f"The schema could not be changed: {str(error.orig).strip().splitlines()[0]}.") from None
    except CommandError as error:
        raise HouseError(f"There is no such version: {error}.") from None
    finally:
        storage.close()
    return f"schema: {present or 'none'} → {after or 'none'}"
