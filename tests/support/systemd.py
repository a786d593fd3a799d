"""systemd's end of its notifications, as a socket."""

from __future__ import annotations

import socket


class Systemd:
    """The other end."""

    def __init__(self, address: str) -> None:
        self.told: list[str] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(address)
        self._socket.setblocking(False)

    def hears(self) -> list[str]:
        """Everything that it was told so far."""
        while True:
            try:
                self.told += self._socket.recv(4096).decode().splitlines()
            except BlockingIOError:
                return self.told

    def close(self) -> None:
        self._socket.close()
