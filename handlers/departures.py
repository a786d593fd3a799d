"""The command that lists people, and the taps by which roles end."""

from __future__ import annotations

from aiogram import Router

from concierge_bot.desk.departures import ending, moved_out, people_lists, taps
from handlers.routing.conversation import OnCommand, OnTap, router_of


def router() -> Router:
    """Makes the router of departures."""
    return router_of(
        "departures",
        OnCommand("people", people_lists.ask, with_text=True),
        OnTap(taps.PEOPLE, people_lists.turn_to),
        OnTap(taps.PERSON, people_lists.show),
        OnTap(taps.END_ROLE, ending.ask),
        OnTap(taps.END_SURE, ending.end_role),
        OnTap(taps.END_KEEP, ending.keep),
        OnTap(taps.MOVED_OUT, moved_out.decide),
    )
