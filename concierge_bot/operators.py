"""The operator of a command: who typed it on this machine, and which one it is."""

from __future__ import annotations

import getpass
import os
from contextvars import ContextVar

_command: ContextVar[str] = ContextVar("command", default="")


def typed(command: str) -> None:
    """Notes the command that was typed, such as `concierge people end`, without its arguments."""
    _command.set(command)


def operator() -> str:
    """Returns the user of the machine and the command, such as `alice: concierge people end`."""
    return ": ".join(filter(None, (_user(), _command.get())))


def _user() -> str:
    """Returns the user's name, where they became another by `sudo` the one before; the number of one without."""
    try:
        return os.environ.get("SUDO_USER") or getpass.getuser()
    except (OSError, KeyError):
        return str(os.getuid())
