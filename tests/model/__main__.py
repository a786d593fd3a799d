"""The long size of the model: `python -m tests.model [--examples 100] [--steps 50] [--postgresql]`.

Ends with an error where a request does not stand as the model says; hypothesis then prints the fewest steps that lead
there, and keeps them in `.hypothesis`: the same command begins with them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import settings

from tests.model.test_requests import SIZE, run_on_postgresql, run_on_sqlite
from tests.support.databases import postgres


def main(arguments: Sequence[str] | None = None) -> int:
    """Parses the arguments, and runs the examples."""
    parser = argparse.ArgumentParser(prog="model", description=__doc__)
    parser.add_argument("--examples", type=int, default=100)
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--postgresql", action="store_true")
    options = parser.parse_args(arguments)
    size = settings(SIZE, max_examples=options.examples, stateful_step_count=options.steps)
    if options.postgresql:
        for server in postgres():
            run_on_postgresql(server, size)
    else:
        with TemporaryDirectory(prefix="concierge-model-") as folder:
            run_on_sqlite(Path(folder), size)
    print(f"requests stood as the model says, in {options.examples} examples of up to {options.steps} steps")
    return 0


if __name__ == "__main__":
    sys.exit(main())
