"""The buttons of lost property, for the table of attacks."""

from __future__ import annotations

from tests.attacks.buttons import Right

BUTTONS = {"loststore": ("loststore:1", Right.TEND), "lostreturn": ("lostreturn:1", Right.TEND)}
