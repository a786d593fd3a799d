"""Taps under a supervisor's card: Take it myself, Assign to…, Remind, Seen, Quiet."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery

from concierge_bot import taps
from concierge_bot.desk.fulfilment import assigning, escalation
from concierge_bot.screens import Shown
from handlers.work import Tapped, Work


async def seen(_tap: CallbackQuery, arguments: tuple[int], work: Work) -> Shown:
    """The supervisor has seen it."""
    return await work(lambda desk, caller: escalation.seen(desk, caller, *arguments))


async def assign(_tap: CallbackQuery, arguments: tuple[int], work: Work) -> Shown:
    """To whom?"""
    return await work(lambda desk, caller: assigning.choose(desk, caller, *arguments))


async def assign_to(_tap: CallbackQuery, arguments: tuple[int, int], work: Work) -> Shown:
    """To this one."""
    return await work(lambda desk, caller: assigning.assign(desk, caller, *arguments))


async def back(_tap: CallbackQuery, arguments: tuple[int], work: Work) -> Shown:
    """Back to the card."""
    return await work(lambda desk, caller: assigning.back(desk, caller, *arguments))


async def take(_tap: CallbackQuery, arguments: tuple[int], work: Work) -> Shown:
    """The supervisor takes it."""
    return await work(lambda desk, caller: assigning.take(desk, caller, *arguments))


async def remind(_tap: CallbackQuery, arguments: tuple[int], work: Work) -> Shown:
    """Whoever has it is to be reminded."""
    return await work(lambda desk, caller: escalation.remind(desk, caller, *arguments))


async def snooze(_tap: CallbackQuery, arguments: tuple[int], work: Work) -> Shown:
    """Not now."""
    return await work(lambda desk, caller: escalation.snooze(desk, caller, *arguments))


def router() -> Router:
    """Escalations."""
    found = Router(name="escalations")
    found.callback_query.register(seen, Tapped(taps.ESCALATION_SEEN))
    found.callback_query.register(take, Tapped(taps.TAKE))
    found.callback_query.register(remind, Tapped(taps.REMIND))
    found.callback_query.register(snooze, Tapped(taps.SNOOZE))
    found.callback_query.register(assign, Tapped(taps.ASSIGN))
    found.callback_query.register(assign_to, Tapped(taps.ASSIGN_TO))
    found.callback_query.register(back, Tapped(taps.ASSIGN_BACK))
    return found
