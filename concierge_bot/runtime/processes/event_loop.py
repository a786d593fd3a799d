"""The event loop of a process that is on duty."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, TypeVar

import uvloop

T = TypeVar("T")


def run_on_duty(work: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine to its end on uvloop, since most of the work of a loop here is moving bytes."""
    return uvloop.run(work)
