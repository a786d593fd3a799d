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

    It is a third of a million objects, most of them the libraries' classes. Going through them over and over while they
    are made took a fifth of the start; later, each time held up the event loop for a quarter of a second. What is young
    is looked through all the same, so that the garbage of the block itself is not kept; less often, then and from then
    on.
    """
    _, *older = gc.get_threshold()
    gc.set_threshold(YOUNG, older[0], NEVER)
    try:
        yield
        gc.freeze()
    finally:
        gc.set_threshold(YOUNG, *older)
