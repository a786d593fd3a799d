"""Taps under the cards of the staff and of the supervisors."""

from __future__ import annotations

from aiogram import Router

from concierge_bot.desk.appointments import arriving, proposals
from concierge_bot.desk.cards import more_files
from concierge_bot.desk.cards import taps as card_taps
from concierge_bot.desk.fulfilment import assigning, check_ins, claims, escalation, taps, undoing
from handlers.routing.conversation import OnTap, router_of


def router() -> Router:
    """Makes the router of claims, and of supervisors' decisions."""
    return router_of(
        "fulfilment",
        OnTap(card_taps.CLAIM, claims.claim),
        OnTap(card_taps.ON_SITE, claims.on_site),
        OnTap(card_taps.DONE, claims.done),
        OnTap(card_taps.UNDO, undoing.undo),
        OnTap(card_taps.RELEASE, claims.release),
        OnTap(card_taps.FILES, more_files.show),
        OnTap(taps.ON_IT, check_ins.on_it),
        OnTap(taps.ON_ALL, check_ins.on_all),
        OnTap(card_taps.ON_MY_WAY, arriving.on_my_way),
        OnTap(card_taps.DELAY, arriving.delay),
        OnTap(card_taps.PROPOSE, proposals.choose),
        OnTap(card_taps.ESCALATION_SEEN, escalation.seen),
        OnTap(card_taps.TAKE, assigning.take),
        OnTap(card_taps.REMIND, escalation.remind),
        OnTap(card_taps.SNOOZE, escalation.snooze),
        OnTap(card_taps.ASSIGN, assigning.choose),
        OnTap(taps.ASSIGN_TO, assigning.assign),
        OnTap(taps.ASSIGN_BACK, assigning.back),
    )
