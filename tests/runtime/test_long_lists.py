"""A list of thousands, imported beside a bot on duty: everybody is written down, or nobody, and the bot goes on."""

from __future__ import annotations

import asyncio
import csv
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path

from sqlalchemy import Engine, event
from sqlmodel import select

from concierge_bot.playground import Playground
from storage.engine.drivers import Executed, SqliteDriver, Values
from storage.tables import people
from storage.tables.roles import Role, RoleKind
from storage.tables.rows import row_id
from tests.runtime.harness import Books, only_sqlite, until
from tests.runtime.process import Living, Zygote, living
from tests.support.commands import Home
from tests.support.lists import HEAD, imported, owners, table

ROOT = Path(__file__).parents[2]
MANY = 4500


def _list(count: int) -> str:
    return HEAD + "".join(f"V{at // 3},Wang {at},Wei,mr,zh\n" for at in range(count))


def _importing(bot: Living) -> subprocess.Popen[str]:
    """Starts an import in a process of its own, in the folder of the bot."""
    (bot.bot.folder / "owners.csv").write_text(_list(MANY))
    return subprocess.Popen(
        [sys.executable, "-m", "concierge_bot", "import", "owners.csv", "--links", "links.csv"],
        cwd=bot.bot.folder,
        env={**os.environ, **bot.bot.environment, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _answers(telegram: Playground, chat_id: int) -> int:
    return sum(call.params.get("chat_id") == chat_id for call in telegram.requests_of("sendMessage"))


def _more_answers(bot: Living, chat_id: int, than: int) -> bool:
    return _answers(bot.telegram, chat_id) > than


def _rows(file: Path) -> list[list[str]]:
    return list(csv.reader(file.read_text().splitlines()))[1:]


def _written(books: Books) -> list[int]:
    return [books.count(of) for of in (people.Villa, people.Person, people.Invite, Role)]


async def test_d13_an_owner_is_answered_while_thousands_are_written_down(
    tmp_path: Path, database_url: str, zygote: Zygote
) -> None:
    async with living(tmp_path, database_url, zygote) as bot:
        owner = bot.house.owners[0]
        before = _written(bot.books)
        began, answered = time.monotonic(), [time.monotonic()]
        importing = _importing(bot)
        while importing.poll() is None:
            count = _answers(bot.telegram, owner.id)
            await owner.writes("/help")
            await until(partial(_more_answers, bot, owner.id, count))
            answered.append(time.monotonic())
        said, complained = await asyncio.to_thread(importing.communicate)
        took = time.monotonic() - began
        assert (importing.returncode, complained) == (0, "")
        assert said == f"{MANY} owners were written down; their links are in links.csv.\n"
        written = [after - was for was, after in zip(before, _written(bot.books), strict=True)]
        assert written == [MANY // 3, MANY, MANY, MANY]
        longest = max(later - earlier for earlier, later in pairwise(answered))
        assert longest < took / 2, f"silent for {longest:.1f} of {took:.1f} seconds"


@only_sqlite
async def test_d13_a_longer_list_takes_no_more_statements(home: Home) -> None:
    """On SQLite whoever else writes waits for all of them: one for each owner would silence a bot."""
    home.migrated()
    counted: list[str] = []
    was = SqliteDriver.execute, SqliteDriver.execute_all

    def execute(driver: SqliteDriver, sql: str, values: Values = ()) -> Executed:
        counted.append(sql)
        return was[0](driver, sql, values)

    def execute_all(driver: SqliteDriver, sql: str, values: Sequence[Values]) -> None:
        counted.append(sql)
        was[1](driver, sql, values)

    def count(*of_statement: object) -> None:
        counted.append(str(of_statement[2]))

    home.environment.setattr(SqliteDriver, "execute", execute)
    home.environment.setattr(SqliteDriver, "execute_all", execute_all)
    event.listen(Engine, "before_cursor_execute", count)
    try:
        needed = []
        for surname, many in (("Wang", 3), ("Li", 300), ("Li", 300)):
            counted.clear()
            ended = await imported(home, _list(many).replace("Wang", surname), "--new-links")
            assert (ended.status, len(table(ended))) == (0, many)
            needed.append(len(counted))
    finally:
        event.remove(Engine, "before_cursor_execute", count)
    few, many_new, many_again = needed
    assert many_new <= few
    assert many_again <= few


@only_sqlite
async def test_d13_an_import_that_is_killed_leaves_nobody_or_everybody(
    tmp_path: Path, database_url: str, zygote: Zygote
) -> None:
    async with living(tmp_path, database_url, zygote) as bot:
        before = _written(bot.books)
        importing = _importing(bot)
        await until((tmp_path / "links.csv").exists)
        importing.send_signal(signal.SIGKILL)
        await asyncio.to_thread(importing.communicate)
        written = [after - was for was, after in zip(before, _written(bot.books), strict=True)]
        assert written in ([0, 0, 0, 0], [MANY // 3, MANY, MANY, MANY])
        (tmp_path / "links.csv").unlink()
        again = _importing(bot)
        await asyncio.to_thread(again.communicate)
        assert again.returncode == 0
        written = [after - was for was, after in zip(before, _written(bot.books), strict=True)]
        assert written[:2] == [MANY // 3, MANY]
        assert written[3] == MANY


async def test_d13_everybody_of_a_list_has_their_villa_role_and_link(home: Home) -> None:
    home.migrated()
    ended = await imported(home, HEAD + "8,Wang,Wei,mr,zh\n12,Li,,,\n８,Xu,,ms,en\n")
    assert ended.status == 0
    with home.books.session() as session:
        named = {villa.id: villa.name for villa in session.exec(select(people.Villa))}
        roles = {role.person_id: role for role in session.exec(select(Role))}
        invited = {invite.person_id for invite in session.exec(select(people.Invite))}
        found = list(session.exec(select(people.Person).order_by(people.Person.id)))  # type: ignore[arg-type]
    assert [(named[person.villa_id or 0], person.surname) for person in found] == [
        ("8", "Wang"),
        ("12", "Li"),
        ("8", "Xu"),
    ]
    for person in found:
        role = roles[row_id(person)]
        assert (role.kind, role.villa_id, role.begins_at) == (RoleKind.OWNER, person.villa_id, None)
        assert (person.supervises, person.manages, person.joined_at) == (False, False, None)
    assert invited == {person.id for person in found}
    again = await imported(home, HEAD + "8,Wang,Wei,mr,en\n12,Li,Na,ms,\n8,Xu,,ms,en\n", "--new-links")
    assert (again.status, len(table(again))) == (0, 3)
    assert owners(home) == [("8", "mr", "Wei", "Wang"), ("12", "ms", "Na", "Li"), ("8", "ms", "", "Xu")]
    assert [person.language for person in home.books.all(people.Person)] == ["en", None, "en"]


@only_sqlite
async def test_d13_a_spreadsheet_takes_no_name_for_a_formula(home: Home) -> None:
    home.migrated()
    ended = await imported(
        home, "villa,surname,given_name\n=1+1,@SUM(A1),+1\n-2,Wang,=cmd\n8,O'Brien,A=B\n", "--links", "l.csv"
    )
    assert ended.status == 0
    rows = _rows(Path("l.csv"))
    assert [row[:3] for row in rows] == [
        ["'=1+1", "'@SUM(A1)", "'+1"],
        ["'-2", "Wang", "'=cmd"],
        ["8", "O'Brien", "A=B"],
    ]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_d13_a_bar_is_for_a_terminal_only() -> None:
    shown = "from concierge_bot.commands import progress\nwith progress.bar('Sorting', 2) as step: step(2)"
    plain = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True, cwd=ROOT)
    assert (plain.stdout, plain.stderr) == ("", "")
    terminal, other = os.openpty()
    subprocess.run(
        [sys.executable, "-c", shown], stderr=other, check=True, cwd=ROOT, env={**os.environ, "TERM": "xterm"}
    )
    os.close(other)
    assert b"Sorting" in os.read(terminal, 4096)
    os.close(terminal)
