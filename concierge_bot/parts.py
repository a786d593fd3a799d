"""The parts of a concierge on duty: together in one process, or each in a process of its own."""

from __future__ import annotations

from enum import StrEnum


class Part(StrEnum):
    """A part of the concierge: it runs, and can come to a standstill."""

    INTAKE = "intake"
    DELIVERY = "delivery"
    CLOCK = "clock"
