"""A process that imports the concierge once, then forks a process for each start, without the seconds of importing.

Listens on a socket, for all processes of a test run, and reads one order a line: where to write the log and the
status, the folder and the environment. The status file holds the process id, and behind it the exit status once the
process has ended.
"""

from __future__ import annotations

import fcntl
import json
import os
import select
import socket
import sys
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

LOOK = 0.01
"""Seconds between two looks at the processes."""


def serve(address: Path) -> None:
    """Works off orders until all who gave some have gone."""
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(address))
    listening.listen()  # before the seconds of importing: who comes meanwhile waits

    from concierge_bot.runtime.telegram.aiogram_types import import_types  # noqa: PLC0415

    import_types()
    import concierge_bot.cli  # noqa: PLC0415
    import concierge_bot.runtime.app  # noqa: F401, PLC0415

    running: dict[int, Path] = {}
    unread = {listening.accept()[0]: b""}
    while unread:
        for ready in select.select([listening, *unread], [], [], LOOK)[0]:
            if ready is listening:
                unread[listening.accept()[0]] = b""
            elif read := ready.recv(1 << 16):
                *orders, unread[ready] = (unread[ready] + read).split(b"\n")
                _start(map(json.loads, orders), running)
            else:
                del unread[ready]
        _reap(running)
        if not unread:
            _leave(address, listening, unread)


def _leave(address: Path, listening: socket.socket, unread: dict[socket.socket, bytes]) -> None:
    """Stops listening, unless somebody has come just now: nobody can while the lock is held."""
    with address.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if select.select([listening], [], [], 0)[0]:
            unread[listening.accept()[0]] = b""
        else:
            address.unlink()


def _start(orders: Iterable[dict[str, Any]], running: dict[int, Path]) -> None:
    for order in orders:
        pid = os.fork()
        if pid == 0:
            _run(order)
        running[pid] = Path(order["status"])
        _tell(running[pid], f"{pid}")


def _reap(running: dict[int, Path]) -> None:
    while running:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        _tell(running.pop(pid), f"{pid} {os.waitstatus_to_exitcode(status)}")


def _tell(file: Path, text: str) -> None:
    """Writes a file atomically: nobody ever reads half of it."""
    new = file.with_suffix(".new")
    new.write_text(text)
    new.replace(file)


def _run(order: dict[str, Any]) -> NoReturn:
    from concierge_bot.cli import main  # noqa: PLC0415

    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.argv = ["concierge", "run", "--verbose", *order["arguments"]]
    code = 1
    try:
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
