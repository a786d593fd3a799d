"""The right to join: an invitation that is still good."""

from __future__ import annotations

from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.people.refusals import RefusedError
from concierge_bot.desk.profiles import used_links
from storage.tables.people import Invite, Person


def require_joined(desk: Desk, caller: Caller, joined: Person | None, invite: Invite | None) -> Person:
    """Requires that an invitation was redeemed; supervisors hear of one that was used or is out of date."""
    if joined is not None:
        return joined
    if invite is not None and used_links.tell_supervisors(desk, invite):
        raise RefusedError(
            caller.words.html(
                "I am sorry, this invitation is no longer valid. I have told the service centre, and they will send "
                "you a new one."
            )
        )
    raise RefusedError(
        caller.words.html(
            "I am sorry, this invitation is no longer valid. Please ask the service centre of your estate for a "
            "new one."
        )
    )
