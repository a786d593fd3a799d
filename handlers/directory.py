"""The command that shows the owners of a villa, and the taps by which they are corrected."""

from __future__ import annotations

from aiogram import Router

from concierge_bot.desk.directory import owner_pages, questions, taps
from handlers.routing.conversation import OnCommand, OnTap, router_of


def router() -> Router:
    """Makes the router of the directory."""
    return router_of(
        "directory",
        OnCommand("owner", owner_pages.ask, with_text=True),
        OnTap(taps.OWNER, owner_pages.show),
        OnTap(taps.CORRECT, questions.ask),
        OnTap(taps.CORRECT_TO, questions.choose),
        OnTap(taps.CORRECT_NOT, questions.leave),
    )
