"""Taps while a request is put together, and on the card that it becomes."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery

from concierge_bot import taps
from concierge_bot.desk import asking, cancelling, supplements
from concierge_bot.screens import Shown
from handlers.work import Tapped, Work


async def begin(_tap: CallbackQuery, arguments: tuple[str], work: Work) -> Shown:
    """A service was chosen."""
    (service,) = arguments
    return await work(lambda desk, caller: asking.begin(desk, caller, service))


async def answer(_tap: CallbackQuery, arguments: tuple[int, int, str], work: Work) -> Shown:
    """An answer was tapped."""
    return await work(lambda desk, caller: asking.tap(desk, caller, *arguments))


async def month(_tap: CallbackQuery, arguments: tuple[int, int, str], work: Work) -> Shown:
    """The calendar is turned."""
    return await work(lambda desk, caller: asking.turn_month(desk, caller, *arguments))


async def back(_tap: CallbackQuery, arguments: tuple[int, int], work: Work) -> Shown:
    """One question back."""
    return await work(lambda desk, caller: asking.back(desk, caller, *arguments))


async def give_up(_tap: CallbackQuery, arguments: tuple[int], work: Work) -> Shown:
    """The draft is dropped."""
    return await work(lambda desk, caller: asking.give_up(desk, caller, *arguments))


async def send(_tap: CallbackQuery, arguments: tuple[int], work: Work) -> Shown:
    """The draft is sent."""
    return await work(lambda desk, caller: asking.send(desk, caller, *arguments))


async def cancel(_tap: CallbackQuery, arguments: tuple[int], work: Work) -> Shown:
    """A request shall be cancelled: sure?"""
    return await work(lambda desk, caller: cancelling.ask(desk, caller, *arguments))


async def cancel_sure(_tap: CallbackQuery, arguments: tuple[int], work: Work) -> Shown:
    """Sure."""
    return await work(lambda desk, caller: cancelling.cancel(desk, caller, *arguments))


async def show(_tap: CallbackQuery, arguments: tuple[int], work: Work) -> Shown:
    """Not sure: the request stays."""
    return await work(lambda desk, caller: cancelling.keep(desk, caller, *arguments))


async def add(_tap: CallbackQuery, arguments: tuple[int], work: Work) -> Shown:
    """Something is to be added to a request."""
    return await work(lambda desk, caller: supplements.ask(desk, caller, *arguments))


def router() -> Router:
    """Asking for a service."""
    found = Router(name="asking")
    for handler, action in (
        (begin, taps.SERVICE),
        (answer, taps.ANSWER),
        (month, taps.MONTH),
        (back, taps.BACK),
        (give_up, taps.GIVE_UP),
        (send, taps.SEND),
        (cancel, taps.CANCEL),
        (cancel_sure, taps.CANCEL_SURE),
        (show, taps.SHOW),
        (add, taps.ADD),
    ):
        found.callback_query.register(handler, Tapped(action))
    return found
