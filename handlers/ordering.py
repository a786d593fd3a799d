"""Taps on drafts of requests, and on the owner's cards."""

from __future__ import annotations

from aiogram import Router

from concierge_bot import taps
from concierge_bot.desk.aftercare import passing_on
from concierge_bot.desk.appointments import proposals, rescheduling
from concierge_bot.desk.danger import dangers
from concierge_bot.desk.fulfilment import cancelling
from concierge_bot.desk.menus import owner_cards
from concierge_bot.desk.ordering import supplements, wizard
from handlers.routing.conversation import OnTap, router_of


def router() -> Router:
    """Makes the router of drafts and of owners' cards."""
    return router_of(
        "ordering",
        OnTap(taps.SERVICE, wizard.begin),
        OnTap(taps.ANEW, wizard.begin_anew),
        OnTap(taps.CHOOSE, wizard.choose),
        OnTap(taps.WHICH, wizard.turn_to),
        OnTap(taps.CONTINUE, wizard.resume),
        OnTap(taps.PASS_ON, passing_on.pass_on),
        OnTap(taps.REOPEN, passing_on.reopen),
        OnTap(taps.ANSWER, wizard.tap),
        OnTap(taps.MONTH, wizard.turn_month),
        OnTap(taps.BACK, wizard.back),
        OnTap(taps.GIVE_UP, wizard.give_up),
        OnTap(taps.SEND, wizard.send),
        OnTap(taps.COME, dangers.come),
        OnTap(taps.CAN_WAIT, dangers.can_wait),
        OnTap(taps.CANCEL, cancelling.ask),
        OnTap(taps.CANCEL_SURE, cancelling.cancel),
        OnTap(taps.SHOW, cancelling.keep),
        OnTap(taps.MINE, owner_cards.bring),
        OnTap(taps.ADD, supplements.ask),
        OnTap(taps.MOVE, rescheduling.choose),
        OnTap(taps.PROPOSAL, proposals.answer),
    )
