"""The owner's word on what was done: the sign-off, and the answer to a follow-up."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery

from concierge_bot import taps
from concierge_bot.desk.aftercare import follow_ups, sign_offs
from concierge_bot.desk.cards import notice_texts
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.people.refusals import no_such_button
from concierge_bot.screens import Shown
from handlers.work import Tapped, Work


async def answer(_tap: CallbackQuery, arguments: tuple[int, str], work: Work) -> Shown:
    """Still good, or not."""
    return await work(lambda desk, caller: follow_ups.answer(desk, caller, *arguments))


async def sign(_tap: CallbackQuery, arguments: tuple[int, str], work: Work) -> Shown:
    """Good, or not right."""
    return await work(lambda desk, caller: sign_offs.answer(desk, caller, *arguments))


async def change(_tap: CallbackQuery, arguments: tuple[int, str], work: Work) -> Shown:
    """An answer was a mistake."""
    request_id, what = arguments
    ask = {notice_texts.SIGN: sign_offs.change, follow_ups.CHANGE: follow_ups.change}.get(what)

    def use_case(desk: Desk, caller: Caller) -> Shown:
        if ask is None:
            raise no_such_button(caller, request_id)
        return ask(desk, caller, request_id)

    return await work(use_case)


def router() -> Router:
    """Sign-offs and follow-ups."""
    found = Router(name="follow_up")
    found.callback_query.register(answer, Tapped(taps.FOLLOW_UP))
    found.callback_query.register(sign, Tapped(taps.SIGN_OFF))
    found.callback_query.register(change, Tapped(taps.CHANGE_ANSWER))
    return found
