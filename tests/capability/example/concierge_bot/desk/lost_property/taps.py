"""The callback data of the buttons under an item."""

from __future__ import annotations

from concierge_bot.taps import Action

STORE = Action("loststore", (int,))
RETURN = Action("lostreturn", (int,))
