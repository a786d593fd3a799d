"""The taps of follow-ups and calls."""

from __future__ import annotations

from concierge_bot.taps import Action

FOLLOW_UP = Action("followup", (int, str))
CALLED = Action("called", (int, str, str))
"""Request, way, outcome."""
CALL_MORE = Action("callmore", (int, str, str))
"""Request, way, what follows on the outcome."""
