"""`concierge backup` and `concierge restore`, beside a living concierge and in its place."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func
from sqlmodel import col, select

from concierge_bot.parts import Part
from storage.tables.audit import ActorKind, AuditAction, AuditEntry
from storage.tables.queues import Heartbeat, OutboxMessage, OutboxState, Timer, TimerState
from storage.tables.registry import METADATA
from storage.tables.requests import Draft, FollowUp, Request, RequestState
from tests.runtime.harness import Books, only_sqlite, routine, send_all, send_button, until
from tests.runtime.process import ForkedBot, Living, Zygote, living
from tests.support.commands import TOKEN, Ended, run
from tests.support.databases import PostgresServer

REPAIR = {
    "kind": {"choice": "water"},
    "urgency": {"choice": "minor"},
    "what": {"text": "the tap drips"},
    "files": {"skipped": True},
    "when": {"soon": True},
}


async def _two_repairs(bot: Living) -> None:
    """One is done, and owes its follow-up in two days; the other waits for somebody."""
    ready = bot.ready()
    with bot.books.desk(bot.bot.clock) as desk:
        drafts = list(desk.session.exec(select(Draft).order_by(col(Draft.id))))
        for draft in drafts:
            draft.service, draft.step, draft.answers = "repair", 5, REPAIR
        desk.session.flush()
        buttons = [send_button(desk, draft) for draft in drafts]
    await send_all([(owner, summary, data) for (owner, summary, _), data in zip(ready, buttons, strict=True)])
    await until(lambda: bot.books.count(Request) == 2)
    butler = bot.house.butlers[0]
    await bot.tap(butler, "claim:1")
    await until(lambda: bot.books.count(Request, Request.state == RequestState.CLAIMED))
    await bot.tap(butler, "done:1")
    await until(lambda: bot.books.count(Request, Request.state == RequestState.DONE))
    bot.turn(timedelta(minutes=1))  # until then Done can be undone
    await until(lambda: bot.books.count(FollowUp))
    await bot.telegram.settled()


@only_sqlite
@pytest.mark.parametrize("moves", [False, True], ids=["stays", "moves to postgresql"])
async def test_a_restored_concierge_goes_on_where_it_was(
    tmp_path: Path, database_url: str, zygote: Zygote, request: pytest.FixtureRequest, moves: bool
) -> None:
    async with living(tmp_path, database_url, zygote, owners=2) as bot:
        assert isinstance(bot.bot, ForkedBot)
        await _two_repairs(bot)
        owner = bot.house.owners[0]
        bot.books.add(routine(owner.id, bot.now + timedelta(hours=1), "good evening"))

        ended, rows = await _backed_up(bot)
        assert (ended.status, ended.complained) == (0, "")
        assert ended.said.startswith(f"{tmp_path}/kept.zip: {rows} rows, of them 2 requests and 4 people, 0.0 MB, read")
        ended = await asyncio.to_thread(_beside, bot, "restore", "kept.zip", "--replace")
        assert (ended.status, ended.said) == (1, "")
        assert "A concierge is running on this database (clock, delivery, intake): stop it" in ended.complained

        assert await bot.bot.stop() == 0
        bot.books.close()
        _delete(tmp_path)
        if moves:
            server: PostgresServer = request.getfixturevalue("postgres_server")
            database_url = server.new(empty=True)
            bot.bot._settings = {**bot.bot._settings, "DATABASE_URL": database_url}
        ended = await asyncio.to_thread(_beside, bot, "restore", "kept.zip")
        assert (ended.status, ended.complained) == (0, "")
        made, restored, warning = ended.said.splitlines()
        assert warning.startswith("Anybody who left or moved out since then")
        assert made.startswith(f"new database: {database_url.split(':')[0] if moves else tmp_path}")
        assert restored.split(", as of")[0] == f"restored: {rows} rows, of them 2 requests and 4 people"
        bot.books = Books(database_url)

        await bot.start()
        await bot.tap(bot.house.butlers[0], "claim:2")
        await until(lambda: bot.books.count(Request, Request.state == RequestState.CLAIMED) == 1)
        bot.turn(timedelta(hours=1))
        await owner.sees("good evening")
        bot.turn(timedelta(days=2))
        await owner.sees("still working well?")
        await until(lambda: not bot.books.count(OutboxMessage, OutboxMessage.state == OutboxState.WAITING))
        await until(lambda: not bot.books.count(Timer, Timer.state == TimerState.WAITING, col(Timer.due_at) < bot.now))
        ended = await asyncio.to_thread(_beside, bot, "doctor")
        assert (ended.status, [line for line in ended.said.splitlines() if line[0] not in "✓!"]) == (0, [])
        assert bot.telegram.violations == []
        bot.books.close()  # the one that `living` knows was closed with the first database


async def _backed_up(bot: Living) -> tuple[Ended, int]:
    """Makes a backup during which nothing was added, such as a board a few seconds later. Returns how many rows too."""
    while True:
        rows = _rows(bot.books)
        ended = await asyncio.to_thread(_beside, bot, "backup", "kept.zip", "--force")
        if _rows(bot.books) == rows:
            return ended, rows


def _beside(bot: Living, command: str, *arguments: str) -> Ended:
    """Runs a command as one would in the bot's own folder."""
    files = [str(bot.bot.folder / name) if name.endswith(".zip") else name for name in arguments]
    with pytest.MonkeyPatch.context() as patch:
        for name, value in bot.bot.environment.items():
            patch.setenv(name, value)
        return run(command, *files)


def _delete(folder: Path) -> None:
    for file in folder.glob("concierge.sqlite*"):
        file.unlink()


def _rows(books: Books) -> int:
    with books.session() as session:
        counts = [select(func.count()).select_from(table) for table in METADATA.sorted_tables]
        return sum(int(session.execute(count).scalar_one()) for count in counts)


async def test_a_database_on_duty_is_never_emptied(tmp_path: Path, database_url: str, zygote: Zygote) -> None:
    async with living(tmp_path, database_url, zygote) as bot:
        await until(lambda: bot.books.count(Heartbeat) == len(Part))
        for version in ("base", "0001"):
            for word in ((), ("--lose", "7")):
                ended = await asyncio.to_thread(_beside, bot, "migrate", "--to", version, *word)
                assert (ended.status, ended.said) == (1, "")
                assert "on duty with this database" in ended.complained or "concierge is running" in ended.complained
        ended = await asyncio.to_thread(_beside, bot, "migrate")  # there is nothing to do, as at each start
        assert (ended.status, ended.complained) == (0, "")
        await bot.house.owners[0].writes("/menu")
        await bot.house.owners[0].sees("How may we be of service?")
        assert await bot.bot.stop() == 0
        ended = await asyncio.to_thread(_beside, bot, "migrate", "--to", "base", "--lose", "7")
        assert "A concierge is running on this database (clock, delivery, intake)" in ended.complained  # half a minute


@pytest.fixture
def home(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder from which commands are run on the test's database."""
    monkeypatch.setenv("CONCIERGE_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("CONCIERGE_DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _refused(*arguments: str) -> str:
    ended = run(*arguments)
    assert (ended.status, ended.said) == (1, "")
    (line,) = ended.complained.splitlines()
    assert line.startswith("concierge: ")
    return line.removeprefix("concierge: ")


def test_each_refusal_is_one_line(home: Path) -> None:
    assert run("migrate").status == 0
    assert run("backup", "kept.zip").status == 0
    assert _refused("backup", "kept.zip") == "kept.zip is there already: choose another name, or add --force."
    assert run("backup", "kept.zip", "--force").status == 0
    assert "cannot be read: No such file" in _refused("restore", "nothing.zip")
    (home / "half.zip").write_bytes((home / "kept.zip").read_bytes()[:300])
    assert "is damaged (it is cut off, or no archive): nothing was changed" in _refused("restore", "half.zip")
    ended = run("restore", "kept.zip")
    assert (ended.status, ended.complained) == (0, "")
    assert ended.said.startswith("restored: 0 rows, of them 0 requests and 0 people, as of 20")


@pytest.mark.usefixtures("home")
def test_a_restore_is_the_last_entry_of_the_audit_trail(books: Books) -> None:
    """What the trail had of the time after the backup is gone with it."""
    assert run("migrate").status == 0
    assert run("restore", "--check", "none.zip").status == 1
    assert run("backup", "kept.zip").status == 0
    assert run("restore", "--check", "kept.zip").status == 0
    for _ in range(2):
        assert run("restore", "kept.zip", "--replace").status == 0
        entry = books.one(AuditEntry)
        assert (entry.action, entry.actor_kind, entry.estate_id) == (
            AuditAction.ARCHIVE_RESTORED,
            ActorKind.OPERATOR,
            None,
        )
        assert entry.actor.endswith(": concierge restore")
        assert (entry.subject_kind, entry.subject, entry.after["rows"]) == ("archive", "kept.zip", 0)


@only_sqlite
def test_without_a_database_there_is_nothing_to_keep(home: Path) -> None:
    assert "There is no database" in _refused("backup", "kept.zip")
    (home / "concierge.sqlite").touch()
    assert _refused("backup", "kept.zip") == "The database is empty: there is nothing to keep."


def test_a_database_that_does_not_answer_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("migrate").status == 0
    assert run("backup", "kept.zip").status == 0
    monkeypatch.setenv("CONCIERGE_DATABASE_URL", "postgresql://nobody:secret@127.0.0.1:9/none")
    for words, said in ((("backup", "b.zip"), "could not be read"), (("restore", "kept.zip"), "refused it")):
        line = _refused(*words)
        assert said in line
        assert "secret" not in line
    assert not (home / "b.zip").exists()


@only_sqlite
@pytest.mark.usefixtures("home")
def test_a_database_that_stays_locked_is_waited_for_and_named(
    database_url: str, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("migrate").status == 0
    monkeypatch.setenv("CONCIERGE_DATABASE_URL", f"{database_url}?timeout=0.1")
    with books.session() as session:
        session.connection()  # which holds the right to write
        assert run("backup", "kept.zip").status == 0  # readers do not wait
        assert "Nothing was changed: the database refused it (database is locked)" in _refused("restore", "kept.zip")
