"""The taps with which an owner puts a request together, and answers to danger."""

from __future__ import annotations

from concierge_bot.taps import Action

ANEW = Action("anew", (str,))
"""A service is begun, and what is in hand is kept for later."""
CHOOSE = Action("for", (int, str))
"""Draft, the service that it is for."""
WHICH = Action("which", (int, str))
"""Draft, page of what it may be for."""
PASS_ON = Action("passon", (int, int))
"""Draft, the request with which it is passed on."""
REOPEN = Action("reopen", (int, int))
"""Draft, the finished request that comes back with it."""
ANSWER = Action("answer", (int, int, str))
"""Draft, step, value."""
MONTH = Action("month", (int, int, str))
"""Draft, step, month to show."""
BACK = Action("back", (int, int))
GIVE_UP = Action("giveup", (int,))
SEND = Action("send", (int,), (int,))
"""Draft, which state of it the summary shows."""
COME = Action("come", (int,))
"""Danger that an owner told of: somebody shall come at once, or it can wait."""
CAN_WAIT = Action("canwait", (int,))
