"""Taps under a request's card: Claim, On site, Done, Release."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery

from concierge_bot import taps
from concierge_bot.desk.aftercare import call_outcomes
from concierge_bot.desk.appointments import arriving, proposals
from concierge_bot.desk.fulfilment import check_ins, claims, undoing
from concierge_bot.screens import Shown
from handlers.work import Tapped, Work


async def claim(_tap: CallbackQuery, arguments: tuple[int], work: Work) -> Shown:
    """The first to tap has it."""
    return await work(lambda desk, caller: claims.claim(desk, caller, *arguments))


async def on_site(_tap: CallbackQuery, arguments: tuple[int], work: Work) -> Shown:
    """The butler has arrived."""
    return await work(lambda desk, caller: claims.on_site(desk, caller, *arguments))


async def done(_tap: CallbackQuery, arguments: tuple[int], work: Work) -> Shown:
    """It is done."""
    return await work(lambda desk, caller: claims.done(desk, caller, *arguments))


async def undo(_tap: CallbackQuery, arguments: tuple[int], work: Work) -> Shown:
    """Done was a mistake."""
    return await work(lambda desk, caller: undoing.undo(desk, caller, *arguments))


async def release(_tap: CallbackQuery, arguments: tuple[int], work: Work) -> Shown:
    """It is handed back."""
    return await work(lambda desk, caller: claims.release(desk, caller, *arguments))


async def on_it(_tap: CallbackQuery, arguments: tuple[int, int], work: Work) -> Shown:
    """Whoever has it is at it, or needs more time."""
    return await work(lambda desk, caller: check_ins.on_it(desk, caller, *arguments))


async def on_all(_tap: CallbackQuery, arguments: tuple[int], work: Work) -> Shown:
    """Whoever was asked about several requests is at all of them."""
    return await work(lambda desk, caller: check_ins.on_all(desk, caller, *arguments))


async def called(_tap: CallbackQuery, arguments: tuple[int, str, str], work: Work) -> Shown:
    """What a call brought."""
    return await work(lambda desk, caller: call_outcomes.reached(desk, caller, *arguments))


async def call_more(_tap: CallbackQuery, arguments: tuple[int, str, str], work: Work) -> Shown:
    """What follows on the outcome of a call."""
    return await work(lambda desk, caller: call_outcomes.go_on(desk, caller, *arguments))


async def on_my_way(_tap: CallbackQuery, arguments: tuple[int], work: Work) -> Shown:
    """The owner is told that whoever has it is on the way."""
    return await work(lambda desk, caller: arriving.on_my_way(desk, caller, *arguments))


async def delay(_tap: CallbackQuery, arguments: tuple[int], work: Work) -> Shown:
    """The owner is told that whoever has it will be late."""
    return await work(lambda desk, caller: arriving.delay(desk, caller, *arguments))


async def propose(_tap: CallbackQuery, arguments: tuple[int, str], work: Work) -> Shown:
    """Another time is proposed to the owner."""
    return await work(lambda desk, caller: proposals.choose(desk, caller, *arguments))


def router() -> Router:
    """Claims."""
    found = Router(name="claims")
    found.callback_query.register(claim, Tapped(taps.CLAIM))
    found.callback_query.register(on_site, Tapped(taps.ON_SITE))
    found.callback_query.register(done, Tapped(taps.DONE))
    found.callback_query.register(undo, Tapped(taps.UNDO))
    found.callback_query.register(release, Tapped(taps.RELEASE))
    found.callback_query.register(on_it, Tapped(taps.ON_IT))
    found.callback_query.register(on_all, Tapped(taps.ON_ALL))
    found.callback_query.register(called, Tapped(taps.CALLED))
    found.callback_query.register(call_more, Tapped(taps.CALL_MORE))
    found.callback_query.register(on_my_way, Tapped(taps.ON_MY_WAY))
    found.callback_query.register(delay, Tapped(taps.DELAY))
    found.callback_query.register(propose, Tapped(taps.PROPOSE))
    return found
