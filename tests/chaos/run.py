"""One storm over one installation, and the command that repeats it where a guarantee broke."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.chaos.reckoning import happened, reckon
from tests.chaos.schedule import BUTLERS, OWNERS_PER_KILL, schedule
from tests.chaos.storm import storm
from tests.runtime.process import Zygote
from tests.runtime.several import EACH_TWICE, EVERYTHING, installed


def command(seed: int, kills: int, *, postgresql: bool) -> str:
    """Returns the command that repeats a storm: the parameters of its schedule, and the kind of its database."""
    return f".venv/bin/python -m tests.chaos --seed {seed} --kills {kills}" + " --postgresql" * postgresql


@contextmanager
def repeatable(seed: int, kills: int, *, postgresql: bool) -> Iterator[None]:
    """Adds the command that repeats the storm to any failure inside, and prints it: pytest shows printed lines last."""
    try:
        yield
    except BaseException as error:
        how = f"To repeat this storm: {command(seed, kills, postgresql=postgresql)}"
        error.add_note(how)
        print(how, flush=True)
        raise


async def run(folder: Path, database_url: str, zygote: Zygote, *, seed: int, kills: int) -> None:
    """Runs the storm of a seed over a new installation, and prints the result.

    Raises:
        AssertionError: if a guarantee broke.
    """
    postgresql = not database_url.startswith("sqlite")
    parts = EACH_TWICE if postgresql else (EVERYTHING,)
    began = time.monotonic()
    found = schedule(seed, kills=kills, processes=len(parts))
    print(f"seed {seed}: {len(found.events)} events, schedule {found.fingerprint}", flush=True)
    owners = kills * OWNERS_PER_KILL
    with repeatable(seed, kills, postgresql=postgresql):
        async with installed(
            folder, database_url, zygote, parts=parts, owners=owners, butlers=BUTLERS, kind="group"
        ) as there:
            passed = await storm(there, found)
            reckoning = reckon(passed)
            minutes = (time.monotonic() - began) / 60
            print(f"{passed.kills} kills in {minutes:.1f} min, {len(passed.crowd.sent)} wishes, {passed.struck()}")
            print(f"{happened(there)}\n{reckoning}", flush=True)
            assert reckoning.well, reckoning
            assert there.telegram.violations == []
            assert "Traceback" not in there.logs()
