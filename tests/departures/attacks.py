"""The buttons of departures, for the table of attacks."""

from __future__ import annotations

from tests.attacks.buttons import Right

BUTTONS = {
    "endrole": ("endrole:{role}", Right.LINK),
    "endsure": ("endsure:{role}", Right.LINK),
    "endkeep": ("endkeep:{role}", Right.LINK),
    "movedout": ("movedout:{number}:cancel", Right.DECIDE),
}
