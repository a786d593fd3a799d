"""The end of a process on request: a signal asks for it, and whatever hangs meanwhile is cut off in time."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

log = logging.getLogger(__name__)

PROMISED = 5.0
"""Seconds from the signal until the process has ended, whatever happens."""
CUT_OFF_AFTER = 4.5
"""Seconds after which what is still under way is cut off."""
KILLED_AFTER = 4.8
"""Seconds after which the system ends the process, where not even that line of the log could be written."""
SIGNALS = (signal.SIGTERM, signal.SIGINT)
CUT_OFF = 1
"""The exit status of a process that had to be cut off."""


class Stopping:
    """The request to stop. It is heard by a thread of its own, since the main thread may wait for a database."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ask: Callable[[], object] | None = None
        self._is_over = False
        self._is_asked = False

    def on_request(self, ask: Callable[[], object]) -> None:
        """Registers what asks the work to stop, called in another thread.

        Until then a signal ends the process at once: the database undoes by itself what was not committed.
        """
        with self._lock:
            self._ask = ask

    def hear(self) -> None:
        """Waits for a signal, asks the work to stop, and ends the process in time."""
        sign = signal.sigwait(SIGNALS)
        began = time.monotonic()
        with self._lock:
            if self._is_over:
                return
            self._is_asked = True
            signal.setitimer(signal.ITIMER_REAL, KILLED_AFTER)
            if self._ask is None:
                os._exit(0)
            with suppress(RuntimeError):  # the event loop has ended already
                self._ask()
        time.sleep(CUT_OFF_AFTER)
        log.warning(
            "cut off %.1f s after %s, while something was still waited for: the database or the network; what was not "
            "committed is done after the next start",
            time.monotonic() - began,
            signal.Signals(sign).name,
        )
        os._exit(CUT_OFF)

    def ends(self) -> bool:
        """Stops listening. Returns False where the end was asked for: then the process has only seconds left."""
        with self._lock:
            self._is_over = not self._is_asked
            return self._is_over


@contextmanager
def in_time() -> Iterator[Stopping]:
    """Takes over the signals that ask a process to stop.

    They are blocked in every thread but one: else the system could choose a thread that is in the middle of a call into
    the database, and Python would hear of the signal only after that.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    stopping = Stopping()
    hearing = threading.Thread(target=stopping.hear, name="signals", daemon=True)
    hearing.start()
    try:
        yield stopping
    finally:
        if stopping.ends() and hearing.ident is not None:
            signal.pthread_kill(hearing.ident, SIGNALS[0])
            hearing.join()
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
