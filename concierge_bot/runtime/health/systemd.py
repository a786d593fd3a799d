"""systemd's notifications (sd_notify): that the concierge is on duty, is alive, and is about to stop.

The protocol is a datagram on a socket; without one in the environment nobody is told.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Callable, Mapping

log = logging.getLogger(__name__)

READY, STOPPING, ALIVE = "READY=1", "STOPPING=1", "WATCHDOG=1"
SIGNS_IN_TIME = 3
"""So often a sign is given within the time after which systemd would end the process."""


class SystemdNotifier:
    """Notifies the systemd that has started this process, if one has."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        within = environment.get("WATCHDOG_USEC", "")
        is_meant = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        self._watchdog_seconds = int(within) / 1_000_000 if within.isdigit() and is_meant else 0.0

    def tell(self, *facts: str) -> None:
        """Notifies systemd; logs a failure, and goes on."""
        if not self._address:
            return
        address = f"\0{self._address[1:]}" if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK) as line:
                line.connect(address)
                line.send("\n".join(facts).encode())
        except OSError as error:
            log.warning("systemd could not be told: %s", error.strerror)

    async def give_signs(self, hangs: Callable[[], bool]) -> None:
        """Feeds systemd's watchdog for as long as nothing hangs; systemd kills a process that lets the time pass."""
        if not (self._address and self._watchdog_seconds):
            return
        while True:
            if not hangs():
                self.tell(ALIVE)
            await asyncio.sleep(self._watchdog_seconds / SIGNS_IN_TIME)
