"""The event loop of a process that is on duty."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def run_on_duty(work: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine to its end, on uvloop where there is one: most of what a loop does here is to move bytes."""
    if sys.platform == "win32":
        return asyncio.run(work)
    import uvloop  # noqa: PLC0415 - there is none for Windows

    return uvloop.run(work)
