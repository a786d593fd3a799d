"""The taps by which superiors see the owners of a villa, and correct what is written down of them."""

from __future__ import annotations

from concierge_bot.desk.departures.taps import CORRECT
from concierge_bot.taps import Action

OWNER = Action("owner", (int,))
"""Person: shows their page."""
CORRECT_TO = Action("correctto", (int, str, str))
"""Person, fact and one of a few words: takes it for the right one."""
CORRECT_NOT = Action("correctnot", (int, str))
"""Person and fact: leaves it as it is."""

__all__ = ["CORRECT", "CORRECT_NOT", "CORRECT_TO", "OWNER"]
