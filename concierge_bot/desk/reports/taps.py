"""The taps of lists and figures."""

from __future__ import annotations

from concierge_bot.taps import Action

SHOW_CARD = Action("card", (int,))
AUDIT = Action("audit", (int,))
"""A page of the audit trail, from 0."""
FIGURES_OF = Action("figures", (int, int))
"""Days, person."""
