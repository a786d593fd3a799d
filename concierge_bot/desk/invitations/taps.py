"""The taps by which superiors invite somebody, and see to the links that wait."""

from __future__ import annotations

from concierge_bot.taps import Action

INVITE = Action("invite")
INVITE_AS = Action("inviteas", (str,))
"""The kind of role that the link gives."""
INVITE_VILLAS = Action("invvillas", (int,))
"""A page of the list of villas, from 0."""
INVITE_VILLA = Action("invvilla", (int,))
INVITE_TEAM = Action("invteam", (str,))
INVITE_NEW = Action("invnew", (str, str))
"""Asks for the name: the kind of role, and the villa or the team."""
INVITE_KNOWN = Action("invknown", (int,))
"""Person who has not joined."""
INVITE_LINKS = Action("invlinks", (int,))
"""A page of the links that wait, from 0."""
INVITE_LINK = Action("invlink", (int,))
INVITE_RENEW = Action("invrenew", (int,))
INVITE_REVOKE = Action("invrevoke", (int,))
