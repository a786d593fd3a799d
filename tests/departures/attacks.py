"""The buttons of departures, for the table of attacks."""

from __future__ import annotations

from tests.attacks.buttons import Right

BUTTONS = {
    "people": ("people:0", Right.SUPERVISE),
    "person": ("person:{wang}", Right.LINK),
    "endrole": ("endrole:{role}", Right.LINK),
    "endsure": ("endsure:{role}", Right.LINK),
    "endkeep": ("endkeep:{role}", Right.LINK),
    "newaccount": ("newaccount:{wang}", Right.LINK),
    "newaccsure": ("newaccsure:{wang}", Right.LINK),
    "movedout": ("movedout:{number}:cancel", Right.DECIDE),
}
