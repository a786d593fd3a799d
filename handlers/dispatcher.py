"""All conversations in one dispatcher."""

from __future__ import annotations

from aiogram import Dispatcher

from handlers import channels, fallback, owner, staff, supervisor, tapping
from handlers.staff import notes


def dispatcher() -> Dispatcher:
    """A dispatcher of its own for each program. Conversations keep their state in the database, so FSM is off."""
    found = Dispatcher(disable_fsm=True)
    routers = (supervisor.router(), staff.router(), owner.router(), notes.router(), fallback.router())
    channels.register(found)
    tapping.register(found, *routers)
    found.include_routers(*routers)
    return found
