"""Lost property: /found, and the taps under an item."""

from __future__ import annotations

from aiogram import Router
from concierge_bot.desk.lost_property import finding, taps

from handlers.routing.conversation import OnCommand, OnTap, router_of


def router() -> Router:
    """Makes the router of lost property."""
    return router_of(
        "lost_property",
        OnCommand("found", finding.found, with_text=True),
        OnTap(taps.STORE, finding.store),
        OnTap(taps.RETURN, finding.hand_back),
    )
