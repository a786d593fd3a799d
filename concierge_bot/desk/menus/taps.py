"""The taps of the menus.

Those for services, profiles and staff chats stand here, below the capabilities that handle them: menus show the
buttons.
"""

from __future__ import annotations

from concierge_bot.taps import Action

MENU = Action("menu", (str,))
SERVICE = Action("service", (str,))
MINE = Action("mine", (int,))
"""An owner looks for a request of theirs."""
LANGUAGE = Action("lang", (str,), (int,))
"""Language; 1 where it is changed: who is known already is not welcomed again. So it is with the form of address."""
CHAT_LANGUAGE = Action("chatlang", (str,))
TITLE = Action("title", (str,), (int,))
LATIN = Action("latin", (str,), (int,))
"""The spelling of a name in Latin letters, or a word for another one or none."""
PROFILE = Action("profile", (str,))
PLACES = Action("places")
PLACE = Action("place", (int, int))
"""Person, villa: for whom an account speaks from now on; 0 for no villa."""
FOR_VILLA = Action("forvilla", (int, str))
"""Villa, the service that is begun for it."""
DRAFT_VILLA = Action("draftvilla", (int, int))
"""Draft, the villa that it is for; 0 to be asked."""
