"""Announcements to owners: /announce, /announcements, and the taps between the first question and Stop."""

from __future__ import annotations

from aiogram import Router

from concierge_bot.desk.announcements import latest, sending, taps, writing
from handlers.routing.conversation import OnCommand, OnTap, router_of


def router() -> Router:
    """Makes the router of announcements."""
    return router_of(
        "announcements",
        OnCommand("announce", writing.begin),
        OnCommand("announcements", latest.latest),
        OnTap(taps.ANNOUNCE, writing.begin),
        OnTap(taps.ANNOUNCE_TO, writing.choose),
        OnTap(taps.ANNOUNCE_SKIP, writing.skip),
        OnTap(taps.ANNOUNCE_CHANGE, writing.change),
        OnTap(taps.ANNOUNCE_SHOW, writing.show),
        OnTap(taps.ANNOUNCE_TEST, writing.try_out),
        OnTap(taps.ANNOUNCE_DISCARD, writing.discard),
        OnTap(taps.ANNOUNCE_SEND, sending.send),
        OnTap(taps.ANNOUNCE_STOP, sending.stop),
    )
