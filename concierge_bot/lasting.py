"""What a long-lived process makes at its start, and keeps until its end."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

NEVER = 1_000_000_000


@contextmanager
def lasting() -> Iterator[None]:
    """What is made in the block stays: Python looks through all of it for garbage neither meanwhile nor ever after.

    It is a third of a million objects, most of them the libraries' classes. Going through them over and over while they
    are made took a fifth of the start; later, each time held up the event loop for a quarter of a second. What is young
    is looked through as ever, so that the garbage of the block itself is not kept.
    """
    usual = gc.get_threshold()
    gc.set_threshold(*usual[:2], NEVER)
    try:
        yield
        gc.freeze()
    finally:
        gc.set_threshold(*usual)
