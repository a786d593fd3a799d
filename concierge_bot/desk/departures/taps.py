"""The taps by which roles end, and by which is decided what they leave open."""

from __future__ import annotations

from concierge_bot.taps import Action

END_ROLE = Action("endrole", (int,))
"""Role: asks whether it shall end."""
END_SURE = Action("endsure", (int,))
END_KEEP = Action("endkeep", (int,))
MOVED_OUT = Action("movedout", (int, str))
"""Request of an owner who has moved out, and what becomes of it."""
