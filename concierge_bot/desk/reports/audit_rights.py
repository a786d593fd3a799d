"""The right to read the audit trail: that of property managers, of their own estate."""

from __future__ import annotations

from concierge_bot.desk.context import Caller
from concierge_bot.desk.people import rights
from concierge_bot.desk.people.refusals import RefusedError
from storage.tables.people import Person


def require_manager(caller: Caller) -> Person:
    """Requires a property manager in their private chat: supervisors are among those whose changes it shows."""
    superior = rights.require_supervisor(caller)
    if not superior.manages:
        raise RefusedError(caller.words.text("Only the property manager can do this."))
    rights.require_private(caller)
    return superior
