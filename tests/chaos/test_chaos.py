"""A storm of five kills; `make chaos` has two hundred. A storm that fails says how to repeat it."""

from __future__ import annotations

import asyncio
import shlex
from pathlib import Path

import pytest

from tests.chaos import __main__ as program
from tests.chaos.run import command, repeatable, run
from tests.runtime.process import Zygote

KILLS = 5
pytestmark = pytest.mark.timeout(1_200)


async def test_a_storm_loses_doubles_and_forgets_nothing(tmp_path: Path, database_url: str, zygote: Zygote) -> None:
    await run(tmp_path, database_url, zygote, seed=5, kills=KILLS)


@pytest.mark.parametrize("postgresql", [False, True])
def test_what_fails_ends_with_the_command_that_repeats_it(capsys: pytest.CaptureFixture[str], postgresql: bool) -> None:
    with (
        pytest.raises(AssertionError, match="lost") as caught,
        repeatable(17, 40, postgresql=postgresql),
    ):
        raise AssertionError("lost")
    assert capsys.readouterr().out.splitlines()[-1] == caught.value.__notes__[-1]
    words = shlex.split(caught.value.__notes__[-1].removeprefix("To repeat this storm: "))
    assert words[:3] == [".venv/bin/python", "-m", program.__package__]
    options = program.parser().parse_args(words[3:])
    assert (options.seed, options.kills, options.postgresql) == ([17], 40, postgresql)


def test_the_last_lines_of_the_long_run_repeat_what_failed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def fails(*_: object, seed: int, kills: int) -> None:
        await asyncio.sleep(0)
        assert seed != 2, f"lost one of {kills}"

    monkeypatch.setattr(program, "run", fails)
    monkeypatch.setattr(program, "Zygote", type("Zygote", (), {"close": lambda _: None}))
    assert program.main(["--seed", "1", "2", "3", "--kills", "9"]) == 1
    printed = capsys.readouterr().out.splitlines()
    assert printed[-1] == command(2, 9, postgresql=False)
    assert "lost one of 9" in "".join(printed)
    assert program.main(["--seed", "1", "3"]) == 0
    assert capsys.readouterr().out == "every guarantee held\n"
