"""The taps of a request's fulfilment and appointment, beside those on its card."""

from __future__ import annotations

from concierge_bot.taps import Action

CANCEL_SURE = Action("cancelsure", (int,))
SHOW = Action("show", (int,))
PROPOSAL = Action("proposal", (int, int, str))
"""Request, which of its proposals, the owner's answer."""
ON_IT = Action("onit", (int, int))
"""Request, minutes that are needed; none: at it."""
ON_ALL = Action("onall", (int,))
"""At this request, and at everything else that was asked about."""
ASSIGN_TO = Action("assignto", (int, int))
ASSIGN_BACK = Action("assignback", (int,))
