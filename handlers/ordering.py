"""Taps on drafts of requests, and on the owner's cards."""

from __future__ import annotations

from aiogram import Router

from concierge_bot.desk.aftercare import passing_on
from concierge_bot.desk.appointments import proposals, rescheduling
from concierge_bot.desk.cards import taps as card_taps
from concierge_bot.desk.danger import dangers
from concierge_bot.desk.fulfilment import cancelling
from concierge_bot.desk.fulfilment import taps as fulfilment_taps
from concierge_bot.desk.menus import owner_cards
from concierge_bot.desk.menus import taps as menu_taps
from concierge_bot.desk.ordering import supplements, taps, wizard
from concierge_bot.desk.requests import taps as request_taps
from handlers.routing.conversation import OnTap, router_of


def router() -> Router:
    """Makes the router of drafts and of owners' cards."""
    return router_of(
        "ordering",
        OnTap(menu_taps.SERVICE, wizard.begin),
        OnTap(taps.ANEW, wizard.begin_anew),
        OnTap(menu_taps.FOR_VILLA, wizard.begin_for),
        OnTap(menu_taps.DRAFT_VILLA, wizard.change_villa),
        OnTap(taps.CHOOSE, wizard.choose),
        OnTap(taps.WHICH, wizard.turn_to),
        OnTap(request_taps.CONTINUE, wizard.resume),
        OnTap(taps.PASS_ON, passing_on.pass_on),
        OnTap(taps.REOPEN, passing_on.reopen),
        OnTap(taps.ANSWER, wizard.tap),
        OnTap(taps.MONTH, wizard.turn_month),
        OnTap(taps.BACK, wizard.back),
        OnTap(taps.GIVE_UP, wizard.give_up),
        OnTap(taps.SEND, wizard.send),
        OnTap(taps.COME, dangers.come),
        OnTap(taps.CAN_WAIT, dangers.can_wait),
        OnTap(card_taps.CANCEL, cancelling.ask),
        OnTap(fulfilment_taps.CANCEL_SURE, cancelling.cancel),
        OnTap(fulfilment_taps.SHOW, cancelling.keep),
        OnTap(menu_taps.MINE, owner_cards.bring),
        OnTap(card_taps.ADD, supplements.ask),
        OnTap(card_taps.MOVE, rescheduling.choose),
        OnTap(fulfilment_taps.PROPOSAL, proposals.answer),
    )
