"""The taps on cards and notices of requests.

They stand here, not with the capabilities that handle them: cards show the buttons, and are below those.
"""

from __future__ import annotations

from concierge_bot.taps import Action

ADD = Action("add", (int,))
"""An owner adds something to a request."""
CLAIM = Action("claim", (int,))
ON_SITE = Action("onsite", (int,))
DONE = Action("done", (int,))
UNDO = Action("undo", (int,))
"""Done was a mistake."""
FILES = Action("files", (int,))
"""The files that were not passed on unasked."""
RELEASE = Action("release", (int,))
CANCEL = Action("cancel", (int,))
ON_MY_WAY = Action("onway", (int,))
DELAY = Action("delay", (int,))
"""Whoever has a request comes 15 minutes later."""
MOVE = Action("move", (int, str))
"""An owner changes the time of a request: nothing (the calendar), a month, a day, or a window of a day."""
PROPOSE = Action("propose", (int, str))
"""The same, of whoever has the request: the owner is asked."""
TAKE = Action("take", (int,))
"""A supervisor takes a request, also from somebody who has it."""
REMIND = Action("remind", (int,))
SNOOZE = Action("snooze", (int,))
ESCALATION_SEEN = Action("seen", (int,))
ASSIGN = Action("assign", (int,))
SIGN_OFF = Action("sign", (int, str))
CHANGE_ANSWER = Action("change", (int, str))
"""Request, which answer: that to the sign-off or to the follow-up."""
