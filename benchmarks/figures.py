"""The figures of a benchmark: rows against their targets, and the raw results as JSON."""

from __future__ import annotations

import json
import os
import platform
import statistics
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from concierge_bot.gc_tuning import lasting

HERE = Path(__file__).parent
RESULTS = HERE / "results"
MARKS = {True: "✅", False: "❌", None: ""}


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    reference: str
    measured: str
    """As people read it."""
    target: str
    value: float
    reached: bool | None
    """None where there is nothing to reach: it only tells what the others are to be seen beside."""


def at_least(what: str, reference: str, value: float, target: float, shown: str = "") -> Row:
    """Builds a row whose value should not be below its target."""
    return Row(what, reference, shown or f"{value:.2f}", f"≥ {target:g}", value, value >= target)


def at_most(what: str, reference: str, value: float, target: float, unit: str = " ×", shown: str = "") -> Row:
    """Builds a row whose value should not be above its target."""
    return Row(what, reference, shown or f"{value:.2f}{unit}", f"≤ {target:g}{unit}", value, value <= target)


def beside(what: str, reference: str, value: float, shown: str) -> Row:
    """Builds a row without a target, for comparison."""
    return Row(what, reference, shown, "-", value, None)


def machine() -> dict[str, Any]:
    """Describes the machine of the measurement, and its load."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processors": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
    }


@dataclass
class Result:
    """The rows and raw figures of one benchmark."""

    name: str
    quick: bool
    rows: list[Row]
    raw: dict[str, Any]
    at: str = field(default_factory=lambda: f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC")
    machine: dict[str, Any] = field(default_factory=machine)

    def keep(self) -> None:
        """Writes the result to a file; a quick run's beside the real one, never over it."""
        RESULTS.mkdir(exist_ok=True)
        file = RESULTS / f"{self.name}{'.quick' if self.quick else ''}.json"
        file.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n")


def kept(*, quick: bool) -> list[Result]:
    """Reads the written results, by name."""
    pattern = "*.quick.json" if quick else "*.json"
    found = [file for file in sorted(RESULTS.glob(pattern)) if quick or not file.name.endswith(".quick.json")]
    return [read(file) for file in found]


def read(file: Path) -> Result:
    """Reads a result that `Result.keep` wrote."""
    document = json.loads(file.read_text())
    return Result(**{**document, "rows": [Row(**row) for row in document["rows"]]})


def table(rows: Iterable[Row]) -> str:
    """Renders the rows as a Markdown table."""
    lines = ["| what | reference, in the same run | measured | to reach | |", "|---|---|---|---|---|"]
    lines += [
        f"| {row.what} | {row.reference} | {row.measured} | {row.target} | {MARKS[row.reached]} |" for row in rows
    ]
    return "\n".join(lines) + "\n"


def percentile(values: Sequence[float], share: float) -> float:
    """Returns the value that this share of all does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered)) - 1))]


def median(values: Iterable[float]) -> float:
    """Returns the median."""
    return statistics.median(values)


def main(name: str, measure: Callable[[bool], tuple[list[Row], dict[str, Any]]]) -> None:
    """Runs one benchmark by itself: `python -m benchmarks.<name> [--quick]`."""
    parser = ArgumentParser(prog=f"python -m benchmarks.{name}")
    parser.add_argument("--quick", action="store_true", help="a small size, to see that it runs")
    with lasting():  # the Telegram that answers stands still for garbage as little as the program that asks
        quick: bool = parser.parse_args().quick
    rows, raw = measure(quick)
    Result(name, quick, rows, raw).keep()
    print(table(rows))
