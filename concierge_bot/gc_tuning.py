"""Garbage collection in a long-lived process: objects from its start are kept until its end."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

NEVER = 1_000_000_000
YOUNG = 20_000
"""How many new objects come together before Python looks through them for garbage. What an update leaves is gone by
itself soon after; at Python's own 700 a rush spends a fourteenth of its time on looking through what is in use."""


@contextmanager
def lasting() -> Iterator[None]:
    """Freezes the objects that the block makes: the garbage collector examines them neither meanwhile nor ever after.

    They are a third of a million objects, most of them the libraries' classes. Examining them over and over while they
    are made took a fifth of the start; later, each full collection held up the event loop for a quarter of a second.
    The youngest generation is collected all the same, so that the garbage of the block itself is not kept; less often,
    from then on as well.
    """
    _, *older = gc.get_threshold()
    gc.set_threshold(YOUNG, older[0], NEVER)
    try:
        yield
        gc.freeze()
    finally:
        gc.set_threshold(YOUNG, *older)
