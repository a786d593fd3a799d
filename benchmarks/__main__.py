"""Runs the benchmarks, each in a process of its own, and writes the table: `python -m benchmarks [--quick] [name]`."""

from __future__ import annotations

import subprocess
import sys
from argparse import ArgumentParser

from benchmarks.figures import HERE, kept, machine, table

NAMES = (
    "throughput",
    "postgresql",
    "steady",
    "answers",
    "timers",
    "million",
    "start",
    "memory",
    "siege",
    "owner_lists",
)
TABLE = HERE / "RESULTS.md"


def run() -> int:
    """Runs all benchmarks, or those that are named. Returns how many failed."""
    parser = ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that they run; no table is written")
    parser.add_argument("names", nargs="*", choices=[*NAMES, []], help="only these")
    given = parser.parse_args()
    failed = 0
    for name in given.names or NAMES:
        command = [sys.executable, "-m", f"benchmarks.{name}", *(["--quick"] if given.quick else [])]
        failed += subprocess.run(command, check=False, cwd=HERE.parent).returncode != 0
    results = sorted(kept(quick=given.quick), key=lambda result: NAMES.index(result.name))
    shown = table(row for result in results for row in result.rows)
    print(shown)
    if not given.quick:
        measured = ", ".join(sorted({result.at for result in results}))
        facts = ", ".join(f"{name} {value}" for name, value in machine().items() if name != "load")
        TABLE.write_text(f"# Benchmarks\n\nMeasured {measured}; {facts}. How: [README](README.md).\n\n{shown}")
    return failed


if __name__ == "__main__":
    sys.exit(run())
