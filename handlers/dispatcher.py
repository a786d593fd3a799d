"""All conversations in one dispatcher."""

from __future__ import annotations

from functools import cache

from aiogram import Dispatcher

from handlers import channels, fallback, owner, staff, supervisor, tapping
from handlers.staff import notes


@cache
def dispatcher() -> Dispatcher:
    """Returns the one dispatcher. It keeps nothing: conversations keep their state in the database, so FSM is off."""
    found = Dispatcher(disable_fsm=True)
    routers = (supervisor.router(), staff.router(), owner.router(), notes.router(), fallback.router())
    channels.register(found)
    tapping.register(found, *routers)
    found.include_routers(*routers)
    return found
