"""Storms, each over an installation of its own: `python -m tests.chaos --kills 200 --seed 1 2 3 [--postgresql]`.

A seed makes the same schedule each time. Ends with 1 where a guarantee broke; the last lines are then the commands
that repeat the storms in which one did.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.chaos.run import command, run
from tests.runtime.process import Zygote
from tests.support.databases import PostgresServer, postgres, sqlite_url


def parser() -> argparse.ArgumentParser:
    """Returns the parser of the parameters of a storm."""
    found = argparse.ArgumentParser(prog="chaos", description=__doc__)
    found.add_argument("--kills", type=int, default=200)
    found.add_argument("--seed", type=int, nargs="+", default=None, help="one for each storm; a new one by default")
    found.add_argument("--postgresql", action="store_true", help="six processes on PostgreSQL, not one on SQLite")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Parses the arguments, and runs the storms."""
    options = parser().parse_args(arguments)
    seeds = options.seed or [random.randrange(1_000_000)]
    if options.postgresql:
        for server in postgres():
            broken = [seed for seed in seeds if not _held(seed, options.kills, server)]
    else:
        broken = [seed for seed in seeds if not _held(seed, options.kills, None)]
    if not broken:
        print("every guarantee held")
        return 0
    print("A GUARANTEE BROKE. To repeat it:")
    print("\n".join(command(seed, options.kills, postgresql=options.postgresql) for seed in broken), flush=True)
    return 1


def _held(seed: int, kills: int, server: PostgresServer | None) -> bool:
    """Runs a storm. Returns whether it passed without a failure, which is printed."""
    zygote = Zygote()
    try:
        with TemporaryDirectory(prefix="concierge-chaos-") as name:
            database_url = server.new() if server else sqlite_url(Path(name))
            asyncio.run(run(Path(name), database_url, zygote, seed=seed, kills=kills))
    except Exception:
        traceback.print_exc(file=sys.stdout)
        return False
    finally:
        zygote.close()
    return True


if __name__ == "__main__":
    sys.exit(main())
