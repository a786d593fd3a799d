"""The programs under measurement, each in a process of its own."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import psutil

from benchmarks.figures import HERE

SCRATCH = HERE.parent / ".cache" / "benchmarks"
"""On a real disk: what is durable at each commit must cost what it costs."""
NO_LIMITS = {
    "RATE_OVERALL": "100000",
    "RATE_GROUP": "100000",
    "RATE_PRIVATE": "100000",
    "RATE_BURST": "100000",
}
LAST_SECONDS = 20.0
UNCOMPILED = "PYTHONDONTWRITEBYTECODE"
"""Where this is set, a program that is not installed is compiled at each start: pip does that once, for what is."""


class Program:
    """A Python program under measurement."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._seen = psutil.Process(process.pid)

    @property
    def cpu(self) -> float:
        """Returns the processor seconds that it has taken so far."""
        times = self._seen.cpu_times()
        return float(times.user + times.system)

    @property
    def memory(self) -> float:
        """Returns the megabytes of memory that it holds now."""
        return float(self._seen.memory_info().rss) / 1e6

    @property
    def is_running(self) -> bool:
        """Returns whether the process runs."""
        return self._process.returncode is None

    async def end(self, *, gently: bool = True) -> None:
        """Asks the process to stop, or kills it."""
        if not self.is_running:
            return
        if gently:
            self._process.terminate()
            try:
                async with asyncio.timeout(LAST_SECONDS):
                    await self._process.wait()
            except TimeoutError:
                pass
            else:
                return
        self._process.kill()
        await self._process.wait()


@contextmanager
def folder() -> Iterator[Path]:
    """Creates a folder for a run's files, and removes it afterwards."""
    SCRATCH.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=SCRATCH) as name:
        yield Path(name)


@asynccontextmanager
async def program(
    *arguments: str, settings: Mapping[str, str] | None = None, where: Path | None = None
) -> AsyncIterator[Program]:
    """Runs `python <arguments>` for as long as the block lasts; its output goes to `log` in its folder."""
    known = {
        name: value for name, value in os.environ.items() if not name.startswith("CONCIERGE_") and name != UNCOMPILED
    }
    environment = {
        **known,
        "PYTHONPATH": str(HERE.parent),
        **{f"CONCIERGE_{name}": value for name, value in (settings or {}).items()},
    }
    log = (where / "log").open("ab") if where else None
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        env=environment,
        cwd=where,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=log,
        stderr=log,
    )
    found = Program(process)
    try:
        yield found
    finally:
        await found.end(gently=False)
        if log:
            log.close()
