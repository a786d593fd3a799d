"""Taps while a request is put together, and on the card that it becomes."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery

from concierge_bot import taps
from concierge_bot.desk.aftercare import passing_on
from concierge_bot.desk.appointments import proposals, rescheduling
from concierge_bot.desk.danger import dangers
from concierge_bot.desk.fulfilment import cancelling
from concierge_bot.desk.menus import owner_cards
from concierge_bot.desk.ordering import supplements, wizard
from concierge_bot.screens import Shown
from handlers.work import Tapped, Work


async def begin(_tap: CallbackQuery, arguments: tuple[str], work: Work) -> Shown:
    """A service was chosen."""
    (service,) = arguments
    return await work(lambda desk, caller: wizard.begin(desk, caller, service))


async def begin_anew(_tap: CallbackQuery, arguments: tuple[str], work: Work) -> Shown:
    """A service was chosen, and what is in hand shall wait."""
    (service,) = arguments
    return await work(lambda desk, caller: wizard.begin_anew(desk, caller, service))


async def choose(_tap: CallbackQuery, arguments: tuple[int, str], work: Work) -> Shown:
    """It was said which service something is for."""
    return await work(lambda desk, caller: wizard.choose(desk, caller, *arguments))


async def which(_tap: CallbackQuery, arguments: tuple[int, str], work: Work) -> Shown:
    """Another page of what something may be for."""
    return await work(lambda desk, caller: wizard.turn_to(desk, caller, *arguments))


async def resume(_tap: CallbackQuery, arguments: tuple[int], work: Work) -> Shown:
    """What was begun goes on."""
    return await work(lambda desk, caller: wizard.resume(desk, caller, *arguments))


async def pass_on(_tap: CallbackQuery, arguments: tuple[int, int], work: Work) -> Shown:
    """What was kept goes along with a request."""
    return await work(lambda desk, caller: passing_on.pass_on(desk, caller, *arguments))


async def reopen(_tap: CallbackQuery, arguments: tuple[int, int], work: Work) -> Shown:
    """What was kept is about a request that was done and is not right."""
    return await work(lambda desk, caller: passing_on.reopen(desk, caller, *arguments))


async def answer(_tap: CallbackQuery, arguments: tuple[int, int, str], work: Work) -> Shown:
    """An answer was tapped."""
    return await work(lambda desk, caller: wizard.tap(desk, caller, *arguments))


async def month(_tap: CallbackQuery, arguments: tuple[int, int, str], work: Work) -> Shown:
    """The calendar is turned."""
    return await work(lambda desk, caller: wizard.turn_month(desk, caller, *arguments))


async def back(_tap: CallbackQuery, arguments: tuple[int, int], work: Work) -> Shown:
    """One question back."""
    return await work(lambda desk, caller: wizard.back(desk, caller, *arguments))


async def give_up(_tap: CallbackQuery, arguments: tuple[int], work: Work) -> Shown:
    """The draft is dropped."""
    return await work(lambda desk, caller: wizard.give_up(desk, caller, *arguments))


async def send(_tap: CallbackQuery, arguments: tuple[int] | tuple[int, int], work: Work) -> Shown:
    """The draft is sent."""
    return await work(lambda desk, caller: wizard.send(desk, caller, *arguments))


async def come(_tap: CallbackQuery, arguments: tuple[int], work: Work) -> Shown:
    """Somebody shall come at once."""
    return await work(lambda desk, caller: dangers.come(desk, caller, *arguments))


async def can_wait(_tap: CallbackQuery, arguments: tuple[int], work: Work) -> Shown:
    """It is no danger after all."""
    return await work(lambda desk, caller: dangers.can_wait(desk, caller, *arguments))


async def cancel(_tap: CallbackQuery, arguments: tuple[int], work: Work) -> Shown:
    """A request shall be cancelled: sure?"""
    return await work(lambda desk, caller: cancelling.ask(desk, caller, *arguments))


async def cancel_sure(_tap: CallbackQuery, arguments: tuple[int], work: Work) -> Shown:
    """Sure."""
    return await work(lambda desk, caller: cancelling.cancel(desk, caller, *arguments))


async def show(_tap: CallbackQuery, arguments: tuple[int], work: Work) -> Shown:
    """Not sure: the request stays."""
    return await work(lambda desk, caller: cancelling.keep(desk, caller, *arguments))


async def mine(_tap: CallbackQuery, arguments: tuple[int], work: Work) -> Shown:
    """An owner looks for a request of theirs."""
    return await work(lambda desk, caller: owner_cards.bring(desk, caller, *arguments))


async def add(_tap: CallbackQuery, arguments: tuple[int], work: Work) -> Shown:
    """Something is to be added to a request."""
    return await work(lambda desk, caller: supplements.ask(desk, caller, *arguments))


async def move(_tap: CallbackQuery, arguments: tuple[int, str], work: Work) -> Shown:
    """The time of a request shall be changed."""
    return await work(lambda desk, caller: rescheduling.choose(desk, caller, *arguments))


async def proposal(_tap: CallbackQuery, arguments: tuple[int, int, str], work: Work) -> Shown:
    """Whether another time suits the owner."""
    return await work(lambda desk, caller: proposals.answer(desk, caller, *arguments))


def router() -> Router:
    """Asking for a service."""
    found = Router(name="asking")
    for handler, action in (
        (begin, taps.SERVICE),
        (begin_anew, taps.ANEW),
        (choose, taps.CHOOSE),
        (which, taps.WHICH),
        (resume, taps.CONTINUE),
        (pass_on, taps.PASS_ON),
        (reopen, taps.REOPEN),
        (answer, taps.ANSWER),
        (month, taps.MONTH),
        (back, taps.BACK),
        (give_up, taps.GIVE_UP),
        (send, taps.SEND),
        (come, taps.COME),
        (can_wait, taps.CAN_WAIT),
        (cancel, taps.CANCEL),
        (cancel_sure, taps.CANCEL_SURE),
        (show, taps.SHOW),
        (add, taps.ADD),
        (move, taps.MOVE),
        (proposal, taps.PROPOSAL),
        (mine, taps.MINE),
    ):
        found.callback_query.register(handler, Tapped(action))
    return found
