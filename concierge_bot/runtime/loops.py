"""The event loop of a process that is on duty."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any


def run_for_long(work: Coroutine[Any, Any, None]) -> None:
    """Runs a coroutine to its end, on uvloop where there is one: most of what a loop does here is to move bytes."""
    if sys.platform == "win32":
        asyncio.run(work)
    else:
        import uvloop  # noqa: PLC0415 - there is none for Windows

        uvloop.run(work)
