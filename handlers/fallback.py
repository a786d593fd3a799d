"""Taps that mean nothing, or nothing any more."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery

from concierge_bot import taps
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.people.refusals import no_such_button
from concierge_bot.screens import NOTHING, Shown
from handlers.work import Tapped, Work


async def silent(_tap: CallbackQuery, work: Work) -> Shown:
    """A cell of the calendar that is no day to choose."""
    return await work(lambda _desk, _caller: NOTHING)


async def unknown(_tap: CallbackQuery, work: Work) -> Shown:
    """A forged button, or one of an older version."""

    def refuse(_desk: Desk, caller: Caller) -> Shown:
        raise no_such_button(caller)

    return await work(refuse)


def router() -> Router:
    """The last resort for taps."""
    found = Router(name="fallback")
    found.callback_query.register(silent, Tapped(taps.NOOP))
    found.callback_query.register(unknown)
    return found
