"""Updates that failed for good: they are set aside with their content, and their senders are told."""

from __future__ import annotations

from markupsafe import Markup
from sqlalchemy import update
from sqlmodel import col

from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.people import phones
from concierge_bot.desk.queues import outbox
from concierge_bot.desk.queues.policies import ALWAYS
from concierge_bot.screens import NOTHING, Reply, Screen, toast
from storage.tables.queues import InboxState, InboxUpdate, Urgency


def set_aside(desk: Desk, update_id: int, caller: Caller | None, error: str) -> Reply:
    """Sets an update aside, with its content, and returns the apology for its sender.

    In a private chat the apology also goes through the outbox.
    """
    desk.session.exec(
        update(InboxUpdate)
        .where(col(InboxUpdate.update_id) == update_id, col(InboxUpdate.state) == InboxState.WAITING)
        .values(state=InboxState.FAILED, error=error)
        .execution_options(synchronize_session=False)
    )
    if caller is None:
        return NOTHING
    if caller.sender.private:
        screen = Screen(_sorry(desk, caller))
        outbox.say(desk, caller.sender.chat_id, screen, Urgency.OWNER, policy=ALWAYS, reader="apology")
    return toast(caller.words.text("That did not go through. Please try again."), alert=True)


def _sorry(desk: Desk, caller: Caller) -> Markup:
    """Returns the apology, with the service centre's number where the estate has one and the caller is known."""
    number = phones.of_estate(desk, caller.person.estate_id).service_centre if caller.person else None
    if number is None:
        return caller.words.html("I am sorry, that did not go through. Please try again.")
    return caller.words.html(
        "I am sorry, that did not go through. Please try again, or call the service centre: <b>%(telephone)s</b>.",
        telephone=number,
    )
