"""A process that imports the concierge once, then forks a process for each start, without the seconds of importing.

It reads one order a line on standard input: where to write the log and the status, the folder and the environment. The
status file holds the process id, and behind it the exit status once the process has ended.
"""

from __future__ import annotations

import json
import os
import select
import sys
import traceback
from pathlib import Path
from typing import Any, NoReturn

LOOK = 0.01
"""Seconds between two looks at the processes."""


def serve() -> None:
    """Carries out orders until standard input ends."""
    import concierge_bot.cli  # noqa: PLC0415
    import concierge_bot.runtime.app  # noqa: F401, PLC0415

    running: dict[int, Path] = {}
    unread = b""
    while True:
        if select.select([sys.stdin], [], [], LOOK)[0]:
            read = os.read(sys.stdin.fileno(), 1 << 16)  # not through a buffer, in which a second order would wait
            if not read:
                return
            *orders, unread = (unread + read).split(b"\n")
            for order in map(json.loads, orders):
                pid = os.fork()
                if pid == 0:
                    _run(order)
                running[pid] = Path(order["status"])
                _tell(running[pid], f"{pid}")
        _reap(running)


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
    serve()
