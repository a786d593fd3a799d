"""The taps of staff chats."""

from __future__ import annotations

from concierge_bot.taps import Action

STAFF_CHAT = Action("staffchat", (str,))
