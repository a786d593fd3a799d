"""What a unit of work leaves for logs and metrics, told after its commit: numbers of requests and spans, no words."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple


class Touched(NamedTuple):
    """Something happened to a request."""

    request_id: int


class Refused(NamedTuple):
    """Somebody may not do what they tried; of whoever tries too often not each one is kept."""

    kept: bool


class Claimed(NamedTuple):
    """Somebody took a request that was open, or was given it."""

    urgent: bool
    waited: timedelta
    """How long it was open: since it was made, or handed back."""
