"""Owners' sign-offs and follow-ups, and the outcomes of the staff's calls."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import Message

from concierge_bot.desk.aftercare import call_notes, call_outcomes, follow_ups, sign_offs, taps
from concierge_bot.desk.cards import notice_texts
from concierge_bot.desk.cards import taps as card_taps
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.people.refusals import no_such_button
from concierge_bot.screens import NOTHING, Reply
from handlers.routing.conversation import Is, OnTap, Where, Work, router_of
from handlers.routing.spoken import text_of


def change(desk: Desk, caller: Caller, request_id: int, what: str) -> Reply:
    """Asks again for an answer that was a mistake: a sign-off or a follow-up. Refuses any other kind."""
    ask = {notice_texts.SIGN: sign_offs.change, follow_ups.CHANGE: follow_ups.change}.get(what)
    if ask is None:
        raise no_such_button(caller, request_id)
    return ask(desk, caller, request_id)


async def note(message: Message, work: Work) -> Reply:
    """Hears a note on a call in a reply to the bot; any other reply in a group is the group's own talk."""
    text = text_of(message)
    return await work(lambda desk, caller: call_notes.hear(desk, caller, text) or NOTHING)


def router() -> Router:
    """Makes the router of sign-offs, follow-ups and calls."""
    return router_of(
        "aftercare",
        OnTap(taps.FOLLOW_UP, follow_ups.answer),
        OnTap(card_taps.SIGN_OFF, sign_offs.answer),
        OnTap(card_taps.CHANGE_ANSWER, change),
        OnTap(taps.CALLED, call_outcomes.reached),
        OnTap(taps.CALL_MORE, call_outcomes.go_on),
    )


def notes_router() -> Router:
    """Makes the router of replies in a group to the bot's questions to one person; it comes behind all commands."""
    found = Router(name="notes")
    found.message.register(note, Where.GROUP.value, Is(F.reply_to_message.from_user.is_bot))
    return found
