"""The taps of links to join."""

from __future__ import annotations

from concierge_bot.taps import Action

NEW_LINK = Action("newlink", (int,))
"""Person."""
