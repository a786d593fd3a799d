"""The parts of a concierge on duty: together in one process, or each in processes of its own."""

from __future__ import annotations

from enum import StrEnum


class Part(StrEnum):
    """What runs, and what can stand still."""

    INTAKE = "intake"
    DELIVERY = "delivery"
    CLOCK = "clock"
