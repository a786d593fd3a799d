"""The taps by which superiors see who is who, roles end, and it is decided what they leave open."""

from __future__ import annotations

from concierge_bot.taps import Action

PEOPLE = Action("people", (int,))
"""A page of the list of people, from 0."""
PERSON = Action("person", (int,))
CORRECT = Action("correct", (int, str))
"""Person and fact: asks for the right one."""
END_ROLE = Action("endrole", (int,))
"""Role: asks whether it shall end."""
END_SURE = Action("endsure", (int,))
END_KEEP = Action("endkeep", (int,))
NEW_ACCOUNT = Action("newaccount", (int,))
"""Person: asks whether their present account shall end, and a link be made for another one."""
NEW_ACCOUNT_SURE = Action("newaccsure", (int,))
MOVED_OUT = Action("movedout", (int, str))
"""Request of an owner who has moved out, and what becomes of it."""
