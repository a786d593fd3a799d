"""Runs all tests several times with busy processes beside them: what needs a second try there has a race.

`python tools/repeat_tests.py --times 5 --busy 2 -- -n 6` prints, for each run, how long it took and what needed the
second try; it ends with 1 where a run failed or a test needed one.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TOOLS = Path(__file__).parent
SECOND_TRIES = TOOLS.parent / ".cache" / "second-tries"
BUSY = "while True: pass"


@contextmanager
def busy(count: int) -> Iterator[None]:
    """Keeps so many processors busy meanwhile."""
    processes = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(count)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def run_once(arguments: list[str]) -> tuple[float, int, list[str]]:
    """Runs all tests once. Returns the seconds, the exit code, and the tests that passed in the second try only."""
    began = time.monotonic()
    code = subprocess.run([sys.executable, str(TOOLS / "run_tests.py"), *arguments], check=False).returncode
    return time.monotonic() - began, code, SECOND_TRIES.read_text().splitlines()


def main(arguments: list[str]) -> int:
    """Parses the arguments, and runs the tests. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="repeat_tests", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--busy", type=int, default=2, help="the number of busy processes")
    parser.add_argument("pytest", nargs="*", help="what pytest is given, after --")
    options = parser.parse_args(arguments)
    runs = []
    with busy(options.busy):
        for number in range(1, options.times + 1):
            runs.append(run_once(options.pytest))
            print(f"\nRun {number} of {options.times}: {_said(*runs[-1])}", flush=True)
    print(f"\n{options.times} runs beside {options.busy} busy processes:")
    for number, run in enumerate(runs, 1):
        print(f"  {number}: {_said(*run)}")
    return 1 if any(code or tries for _, code, tries in runs) else 0


def _said(seconds: float, code: int, tries: list[str]) -> str:
    outcome = "passed" if code == 0 else "FAILED"
    return f"{outcome} in {seconds:.0f} s, {len(tries)} in the second try only {' '.join(tries)}".rstrip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
