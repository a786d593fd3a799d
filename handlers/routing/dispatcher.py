"""The dispatcher of all handlers."""

from __future__ import annotations

from functools import cache

from aiogram import Dispatcher

from handlers import (
    aftercare,
    announcements,
    departures,
    directory,
    duty,
    fulfilment,
    invitations,
    menus,
    ordering,
    reports,
    staff_chats,
)
from handlers.routing import channels, conversation, fallback, words


@cache
def dispatcher() -> Dispatcher:
    """Returns the one dispatcher. It keeps nothing: conversations keep their state in the database, so FSM is off."""
    found = Dispatcher(disable_fsm=True)
    routers = (
        fulfilment.router(),
        reports.router(),
        announcements.router(),
        duty.router(),
        staff_chats.router(),
        menus.router(),
        ordering.router(),
        aftercare.router(),
        departures.router(),
        directory.router(),
        invitations.router(),
        # From here on, what is no command of ours: words come last, so that nothing else is taken for them.
        fallback.commands_router(),
        words.router(),
        aftercare.notes_router(),
        fallback.taps_router(),
    )
    channels.register(found)
    conversation.look_up_taps(found, *routers)
    found.include_routers(*routers)
    return found
