"""The taps of saved drafts, whose buttons are made here, below the capability that handles them."""

from __future__ import annotations

from concierge_bot.taps import Action

CONTINUE = Action("continue", (int,))
