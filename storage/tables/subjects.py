"""The subject of a card, a message or a timer: the kind of a row, and its number."""

from __future__ import annotations

from typing import NamedTuple

REQUEST = "request"


class Subject(NamedTuple):
    """One row of one kind, such as a request; each capability names the kinds of its own."""

    kind: str
    id: int
