"""The long storm: `python -m tests.chaos --kills 200 --seed 1 [--postgresql]`. Ends with 1 where a guarantee broke."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.chaos.reckoning import happened, reckon
from tests.chaos.storm import storm
from tests.databases import postgres, sqlite_url
from tests.runtime.process import Zygote
from tests.runtime.several import EACH_TWICE, EVERYTHING, installed


async def rage(folder: Path, database_url: str, parts: tuple[str, ...], kills: int, seed: int) -> bool:
    """One storm over one installation."""
    zygote, began = Zygote(), time.monotonic()
    try:
        async with installed(
            folder, database_url, zygote, parts=parts, owners=kills * 3, butlers=6, kind="group"
        ) as there:
            passed = await storm(there, kills=kills, seed=seed)
            found = reckon(passed)
            minutes = (time.monotonic() - began) / 60
            struck = ", ".join(f"{fault.struck} × {fault.kind}" for fault in passed.faults)
            print(f"{passed.kills} kills in {minutes:.1f} min, {len(passed.crowd.sent)} wishes, {struck}")
            print(happened(there))
            print(found)
            return found.well and not there.telegram.violations and "Traceback" not in there.logs()
    finally:
        zygote.close()


def main() -> int:
    """Reads the arguments, and rages."""
    parser = argparse.ArgumentParser(prog="chaos", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgresql", action="store_true", help="six processes on PostgreSQL, not one on SQLite")
    options = parser.parse_args()
    with TemporaryDirectory(prefix="concierge-chaos-") as name:
        folder = Path(name)
        if not options.postgresql:
            well = asyncio.run(rage(folder, sqlite_url(folder), (EVERYTHING,), options.kills, options.seed))
        else:
            for server in postgres():
                well = asyncio.run(rage(folder, server.new(), EACH_TWICE, options.kills, options.seed))
    print("every guarantee held" if well else "A GUARANTEE BROKE")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
