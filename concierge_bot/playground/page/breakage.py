"""The faults between Telegram and the bot that the page can make, by one word each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from concierge_bot.playground.faults import Fault, FaultKind, Faults

SOON = 0.1  # seconds in which the answer to whoever breaks it still goes out

KINDS: dict[str, Callable[[], Fault]] = {
    "down": lambda: Fault(FaultKind.DOWN),
    "slow": lambda: Fault(FaultKind.DELAY, seconds=2.0),
    "busy": lambda: Fault(FaultKind.TOO_MANY_REQUESTS, probability=0.6, retry_after=3),
    "deaf": lambda: Fault(FaultKind.DROP_AFTER, probability=0.5),
}


class Breakage:
    """The faults that the page has put in force."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._active: dict[str, Fault] = {}

    @property
    def active(self) -> list[str]:
        """Returns the words for the faults in force."""
        return list(self._active)

    def set(self, kind: str, *, broken: bool) -> None:
        """Breaks or mends one thing. A cut line is cut a moment later, since it cuts the page's own as well.

        Raises:
            LookupError: if there is no such thing.
        """
        if kind not in KINDS:
            raise LookupError("there is no such fault")
        if broken and kind not in self._active:
            fault = self._active[kind] = KINDS[kind]()
            asyncio.get_running_loop().call_later(SOON, self._strike, kind, fault)
        elif not broken and kind in self._active:
            self._faults.remove(self._active.pop(kind))

    def _strike(self, kind: str, fault: Fault) -> None:
        if self._active.get(kind) is fault:
            self._faults.add(fault)
