"""Taps under the cards of the staff and of the supervisors."""

from __future__ import annotations

from aiogram import Router

from concierge_bot import taps
from concierge_bot.desk.appointments import arriving, proposals
from concierge_bot.desk.fulfilment import assigning, check_ins, claims, escalation, undoing
from handlers.routing.conversation import OnTap, router_of


def router() -> Router:
    """Makes the router of claims, and of supervisors' decisions."""
    return router_of(
        "fulfilment",
        OnTap(taps.CLAIM, claims.claim),
        OnTap(taps.ON_SITE, claims.on_site),
        OnTap(taps.DONE, claims.done),
        OnTap(taps.UNDO, undoing.undo),
        OnTap(taps.RELEASE, claims.release),
        OnTap(taps.ON_IT, check_ins.on_it),
        OnTap(taps.ON_ALL, check_ins.on_all),
        OnTap(taps.ON_MY_WAY, arriving.on_my_way),
        OnTap(taps.DELAY, arriving.delay),
        OnTap(taps.PROPOSE, proposals.choose),
        OnTap(taps.ESCALATION_SEEN, escalation.seen),
        OnTap(taps.TAKE, assigning.take),
        OnTap(taps.REMIND, escalation.remind),
        OnTap(taps.SNOOZE, escalation.snooze),
        OnTap(taps.ASSIGN, assigning.choose),
        OnTap(taps.ASSIGN_TO, assigning.assign),
        OnTap(taps.ASSIGN_BACK, assigning.back),
    )
