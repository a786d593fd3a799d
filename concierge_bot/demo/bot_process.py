"""The real bot of a demonstration: `concierge run` in a process of its own, that can be killed and started again."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from concierge_bot.clocks import FileClock


class BotProcess:
    """A `concierge run` process with its own database, catalogue and clock."""

    def __init__(self, folder: Path, *, token: str, api_url: str, settings: Mapping[str, str] | None = None) -> None:
        """Prepares the process. It writes all files into `folder`; `settings` are further ones, without prefix."""
        self.folder = folder
        self.clock_file = folder / "clock.json"
        self.log_file = folder / "bot.log"
        self.database_file = folder / "concierge.sqlite"
        self._settings = {
            "BOT_TOKEN": token,
            "API_URL": api_url,
            "DATABASE_URL": f"sqlite:///{self.database_file}",
            "CLOCK_FILE": str(self.clock_file),
            **(settings or {}),
        }
        self._process: asyncio.subprocess.Process | None = None

    @property
    def clock(self) -> FileClock:
        """Returns the clock of the bot."""
        return FileClock(self.clock_file)

    @property
    def database_url(self) -> str:
        """Returns the URL of the bot's database."""
        return self._settings["DATABASE_URL"]

    @property
    def environment(self) -> dict[str, str]:
        """Returns the environment of the bot and its commands, without settings of a concierge of this machine."""
        others = {name: value for name, value in os.environ.items() if not name.startswith("CONCIERGE_")}
        return {**others, **{f"CONCIERGE_{name}": value for name, value in self._settings.items()}}

    @property
    def is_running(self) -> bool:
        """Returns whether the process runs."""
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int | None:
        """Returns the number of the process that was started last; None before."""
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Starts the bot; it is ready when it asks for updates."""
        if self.is_running:
            return
        with self.log_file.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "concierge_bot",
                "run",
                "--verbose",
                env=self.environment,
                cwd=self.folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def kill(self) -> None:
        """Kills the bot with SIGKILL: no chance to tidy up."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int | None:
        """Stops the bot with SIGTERM. Returns the exit status; None where it was never started."""
        await self._end(signal.SIGTERM)
        return self._process.returncode if self._process else None

    async def command(self, *arguments: str) -> tuple[int, str]:
        """Runs another command of the concierge's beside the bot. Returns its exit status and its output."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "concierge_bot",
            *arguments,
            env=self.environment,
            cwd=self.folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        printed, _ = await process.communicate()
        return process.returncode or 0, printed.decode()

    async def _end(self, sign: signal.Signals) -> None:
        if self._process is None or self._process.returncode is not None:
            return
        self._process.send_signal(sign)
        await self._process.wait()
