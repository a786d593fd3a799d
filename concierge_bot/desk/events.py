"""Events of a unit of work for logs and metrics, published after its commit: request ids and spans, no words."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple


class Touched(NamedTuple):
    """A change of a request."""

    request_id: int


class Refused(NamedTuple):
    """A refused attempt; `kept` is False where one person's attempts are too many to record each."""

    kept: bool


class Claimed(NamedTuple):
    """A claim of an open request, by somebody or for them."""

    urgent: bool
    waited: timedelta
    """The time that it was open: since it was made, or released."""
