"""Another checkout beside this one, in turn: `python -m benchmarks.against ../other [name …] [--rounds 3]`."""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import ArgumentParser
from collections import defaultdict
from pathlib import Path
from typing import Any

from benchmarks.figures import HERE, Result, median, read

NAMES = ("throughput", "steady", "answers", "start", "memory")
NO_WORSE = 0.95
SAME = 0.05
"""By how much a difference, in the unit of its value, may be worse: a twentieth of a second."""

Values = dict[str, list[float]]


def run() -> int:
    """Measures both checkouts in turn, in small sizes. Returns how many figures are worse here than there."""
    parser = ArgumentParser(prog="python -m benchmarks.against")
    parser.add_argument("other", type=Path, help="the other checkout, which this one's Python runs as well")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("names", nargs="*", choices=[*NAMES, []], help="only these")
    given = parser.parse_args()
    worse = 0
    print("| what | there | here | as good as there | |\n|---|---|---|---|---|")
    for name in given.names or NAMES:
        there, here = _in_turn(given.other.resolve(), name, given.rounds)
        for what, values in here.items():
            if what in there:
                worse += not _print(what.removeprefix("-"), there[what], values, less_is_better=what.startswith("-"))
    return worse


def _in_turn(other: Path, name: str, rounds: int) -> tuple[Values, Values]:
    there, here = defaultdict[str, list[float]](list), defaultdict[str, list[float]](list)
    for _ in range(rounds):
        for checkout, found in ((other, there), (HERE.parent, here)):
            for what, value in _measured(checkout, name).items():
                found[what].append(value)
    return there, here


def _measured(checkout: Path, name: str) -> dict[str, float]:
    """Runs one benchmark of a checkout. Returns its values by what they are; "-" before it says that less is better."""
    command = [sys.executable, "-W", "ignore", "-m", f"benchmarks.{name}", "--quick"]
    environment: dict[str, Any] = {**os.environ, "PYTHONPATH": str(checkout)}
    subprocess.run(command, check=True, cwd=checkout, env=environment, stdout=subprocess.DEVNULL)
    result: Result = read(checkout / "benchmarks" / "results" / f"{name}.quick.json")
    return {
        ("-" if row.target.startswith("≤") else "") + row.what: row.value for row in result.rows if row.target != "-"
    }


def _print(what: str, there: list[float], here: list[float], *, less_is_better: bool) -> bool:
    """Prints a line. Returns whether this checkout is no worse, judged by the median of the rounds.

    Values that may be negative are differences, of which no ratio says anything: they are compared as they are.
    """
    if min(*there, *here) <= 0:
        better = median(there) - median(here) if less_is_better else median(here) - median(there)
        shown, is_no_worse = f"{better:+.2f}", better >= -SAME
    else:
        pairs = [(old, new) if less_is_better else (new, old) for old, new in zip(there, here, strict=True)]
        ratio = median(good / other for good, other in pairs)
        shown, is_no_worse = f"{ratio:.2f}", ratio >= NO_WORSE
    print(f"| {what} | {median(there):.2f} | {median(here):.2f} | {shown} | {'✅' if is_no_worse else '❌'} |")
    return is_no_worse


if __name__ == "__main__":
    sys.exit(run())
