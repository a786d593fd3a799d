"""What the operator reads of the trail, and what is noticed at a start or done to the database as a whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from concierge_bot.desk.roles import accounts
from concierge_bot.runtime import start_changes
from concierge_bot.runtime.installation import open_installation
from concierge_bot.settings import SHIPPED_CATALOGUE, load
from storage.tables.rows import row_id
from tests.audit.books import Keyboard
from tests.support.cast import on_stage, rested
from tests.support.commands import TOKEN, Home
from tests.support.world import World


async def test_the_operator_reads_who_did_what(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cast, keyboard = await on_stage(world), Keyboard(world, tmp_path, monkeypatch)
    wang = await world.look(lambda desk: row_id(accounts.persons(desk, cast.wang.id)[0]))
    await cast.wang.taps_data(cast.wang.last, "title:dr:1")
    await rested(world)
    table = (await keyboard.types("audit")).said
    (line,) = [line for line in table.splitlines() if "person.changed" in line and "dr" in line]
    assert line.split()[2:] == f"Wang person.changed person Wang ({wang}) rank: – rank: dr".split()
    found = json.loads((await keyboard.types("audit", "--person", f"{wang}", "--json")).said)
    assert [(entry["action"], entry["before"], entry["after"]) for entry in found][-1] == (
        "person.changed",
        {"rank": None},
        {"rank": "dr"},
    )
    assert {entry["actor"] for entry in found} >= {"Wang"}
    assert "Chen" not in {entry["subject"] for entry in found}
    assert json.loads((await keyboard.types("audit", "--since", "2099-01-01", "--json")).said) == []


async def test_a_wrong_day_is_one_line(home: Home) -> None:
    home.migrated()
    ended = await home.run("audit", "--since", "yesterday")
    assert (ended.status, ended.said) == (1, "")
    assert ended.complained == "concierge: --since is wrong: it should look like 2026-02-28 or 2026-02-28T14:30.\n"


async def test_a_start_notices_another_catalogue_and_other_settings_and_tells_no_secret(home: Home) -> None:
    home.migrated()

    def starts() -> None:
        installation = open_installation(load())
        start_changes.record(installation)
        installation.storage.close()

    async def read() -> list[dict[str, Any]]:
        return list(json.loads((await home.run("audit", "--json")).said))

    async def entries() -> dict[str, tuple[dict[str, str], dict[str, str]]]:
        return {entry["action"]: (entry["before"], entry["after"]) for entry in await read() if not entry["estate_id"]}

    starts()
    starts()
    assert await entries() == {}
    home.write("mine.toml", SHIPPED_CATALOGUE.read_text(encoding="utf-8") + "\n# another\n")
    home.set(catalogue="mine.toml", rate_group="19", bot_token=TOKEN + "x")
    starts()
    found = await entries()
    assert found["settings.changed"] == (
        {"catalogue": str(SHIPPED_CATALOGUE), "rate_group": "20.0", "bot_token": "a secret"},
        {"catalogue": "mine.toml", "rate_group": "19.0", "bot_token": "a secret"},
    )
    before, after = found["catalogue.changed"]
    assert (before["file"], after["file"]) == ("catalogue.toml", "mine.toml")
    assert before["sha256"] != after["sha256"]

    named, shipped = '\n[catalogues]\n"Villa Estate" = "own.toml"\n', SHIPPED_CATALOGUE.read_text(encoding="utf-8")
    for common, own, files in (
        (named, "", (None, "own.toml")),
        (named, "# changed", (None, None)),
        ("", "", ("own.toml", None)),
    ):
        home.write("mine.toml", shipped + common)
        home.write("own.toml", shipped + own)
        starts()
        starts()
        changes = [entry for entry in await read() if entry["action"] == "catalogue.changed" and entry["estate_id"]]
        before, after = (changes[-1][when] for when in ("before", "after"))
        assert (before.get("file"), after.get("file")) == files
        assert before.get("sha256") != after.get("sha256")
    assert len(changes) == 3
