"""The taps of announcements."""

from __future__ import annotations

from concierge_bot.taps import Action

ANNOUNCE = Action("announce")
ANNOUNCE_TO = Action("annto", (str,))
ANNOUNCE_SKIP = Action("annskip", (int, str))
ANNOUNCE_CHANGE = Action("annchange", (int, str))
"""Announcement, language; an empty one: which?"""
ANNOUNCE_SHOW = Action("annshow", (int,))
ANNOUNCE_TEST = Action("anntest", (int,))
ANNOUNCE_SEND = Action("annsend", (int, int, str))
"""Announcement, which state of it the preview shows, when."""
ANNOUNCE_DISCARD = Action("anndiscard", (int,))
ANNOUNCE_STOP = Action("annstop", (int,))
