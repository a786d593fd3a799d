"""A list of ten thousand owners with five hundred wrong rows, the mended list, and cards for a thousand of them."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.estate import Estate, estate
from benchmarks.figures import HERE, Row, at_most, main
from benchmarks.programs import folder
from concierge_bot.runtime.processes.event_loop import run_on_duty

OWNERS, WRONG, CARDS = 10_000, 500, 1_000
LONGEST, MOST = 20.0, 400.0
HEAD = "villa;surname;given_name;title;language;birthday;nationality"
KINDS = (
    ";Wang;;;;;",
    f"{'8' * 81};Wang;;;;;",
    '"8\n9";Wang;;;;;',
    "8;;Wei;;;;",
    f"8;{'W' * 81};;;;;",
    "8;???;;;;;",
    "8;M\ufffdller;;;;;",
    "8;MÃ¼ller;;;;;",
    "8;#REF!;;;;;",
    f"8;Wang;{'W' * 81};;;;",
    '8;Wang;"Wei\nNa";;;;',
    "8;Wang;J\ufffdrg;;;;",
    "8;Wang;;sir;;;",
    "8;Wang;;;klingon;;",
    "8;Wang;;;;soon;",
    "8;Wang;;;;1971-02-30;",
    "8;Wang;;;;03/04/1971;",
    "8;Wang;;;;25934;",
    "8;Wang;;;;;Atlantis",
    "8;Wang;;;;;CN;more",
)
"""A wrong row of each kind."""
MEASURED = """
import sys
from concierge_bot.cli import main
try:
    main()
finally:
    status = open("/proc/self/status").read()
    print(status.partition("VmHWM:")[2].split()[0], file=open("peak", "w"))
"""
"""Runs the command, and writes down the most memory that it held, in kilobytes."""


@dataclass(frozen=True)
class Run:
    """A command that was run: its status, its seconds, and the most megabytes that it held."""

    status: int
    seconds: float
    memory: float


def measure(quick: bool) -> tuple[list[Row], dict[str, Any]]:
    """Measures the commands, each as a process of its own."""
    share = 20 if quick else 1
    owners, wrong, cards = OWNERS // share, WRONG // share, CARDS // share
    runs = run_on_duty(_measure(owners, wrong, cards))
    named, written, printed = runs["named"], runs["written"], runs["printed"]
    most = max(named.memory, written.memory)
    shown = f"{printed.seconds:.2f} s, {printed.memory:.0f} MB"
    return [
        at_most(
            f"{wrong:,} wrong rows of 20 kinds among {owners:,} owners: all named", "-", named.seconds, LONGEST, " s"
        ),
        at_most(f"the mended list: {owners:,} owners written down, with links", "-", written.seconds, LONGEST, " s"),
        at_most(f"cards for {cards:,} owners in six scripts, as a PDF", "-", printed.seconds, LONGEST, " s", shown),
        at_most("the most memory of the two imports", "-", most, MOST, " MB", f"{most:.0f} MB"),
    ], {name: vars(run) for name, run in runs.items()}


async def _measure(owners: int, wrong: int, cards: int) -> dict[str, Run]:
    with folder() as where:
        async with estate(where, owners=1) as here:
            (where / "wrong.csv").write_text(_list(owners, wrong), encoding="utf-8")
            (where / "mended.csv").write_text(_list(owners, 0), encoding="utf-8")
            named = await _run(here, "import", "wrong.csv", status=1)
            written = await _run(here, "import", "mended.csv", "--links", "links.csv")
            chosen = [word for villa in range(cards // 2) for word in ("--villa", f"V{villa}")]
            printed = await _run(here, "invitations", "--pdf", "cards.pdf", *chosen)
            return {"named": named, "written": written, "printed": printed}


def _list(owners: int, wrong: int) -> str:
    """Returns a list, in which wrong rows stand among the others: two owners a villa, in six scripts."""
    surnames = ("王", "Müller", "Иванов", "العلي", "김", "Wang")
    rows = [
        f"V{at // 2};{surnames[at % 6]} {at};Wei;mr;{('en', 'zh')[at % 2]};1971-02-{at % 28 + 1:02};CN"
        for at in range(owners)
    ]
    for at in range(wrong):
        rows[at * (owners // wrong)] = KINDS[at % len(KINDS)]
    return "\n".join([HEAD, *rows, ""])


async def _run(here: Estate, *arguments: str, status: int = 0) -> Run:
    """Runs a command while Telegram goes on. Raises RuntimeError where it does not end as it should."""
    run = await asyncio.to_thread(_timed, here, arguments)
    if run.status != status:
        raise RuntimeError(f"{arguments[0]} ended with status {run.status}")
    return run


def _timed(here: Estate, arguments: tuple[str, ...]) -> Run:
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent), **_settings(here)}
    start = time.perf_counter()
    with (here.folder / "log").open("ab") as log:
        ended = subprocess.run(
            [sys.executable, "-c", MEASURED, *arguments],
            cwd=here.folder,
            env=environment,
            stdout=log,
            stderr=log,
            check=False,
        )
    took = time.perf_counter() - start
    return Run(ended.returncode, took, int(Path(here.folder, "peak").read_text()) * 1024 / 1e6)


def _settings(here: Estate) -> dict[str, str]:
    return {
        "CONCIERGE_BOT_TOKEN": here.telegram.token,
        "CONCIERGE_API_URL": here.telegram.api_url,
        "CONCIERGE_DATABASE_URL": str(here.storage.url),
    }


if __name__ == "__main__":
    main("owner_lists", measure)
