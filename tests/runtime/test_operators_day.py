"""What an operator meets at the command line: which database, which bot, and what is wrong, in one line each."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url
from sqlmodel import col, select

from concierge_bot import logs
from concierge_bot.demo.bot_process import BotProcess
from concierge_bot.playground import Fault, FaultKind, Playground
from concierge_bot.runtime.health.systemd import READY
from storage.tables.installation import InstallationFact
from storage.tables.queues import InboxState, InboxUpdate, OutboxMessage, OutboxState
from storage.tables.requests import Request
from tests.runtime.harness import Books, free_port, only_sqlite, send_all, until
from tests.runtime.process import ForkedBot, Zygote, living
from tests.support.commands import TOKEN, Ended, Home, run
from tests.support.databases import PostgresServer
from tests.support.systemd import Systemd

OTHER = "123123123:AAEb-another_token-of_another_bot"


def _lines(bot: BotProcess) -> list[str]:
    return bot.log_file.read_text().splitlines() if bot.log_file.exists() else []


def _said(bot: BotProcess) -> list[str]:
    """What it printed, without what it logged."""
    return [line for line in _lines(bot) if not line.startswith("20")]


def _make(folder: Path) -> None:
    folder.mkdir(exist_ok=True)


def _files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


@asynccontextmanager
async def _running(zygote: Zygote, folder: Path, telegram: Playground, **settings: str) -> AsyncIterator[ForkedBot]:
    """Yields a process that was started just now, whatever becomes of it; each in a folder of its own."""
    _make(folder)
    bot = ForkedBot(zygote, folder, token=telegram.token, api_url=telegram.api_url, settings=settings)
    await bot.start()
    try:
        yield bot
    finally:
        await bot.kill()


async def _end_of(bot: ForkedBot) -> tuple[int, list[str]]:
    """Waits for the end of a process. Returns its status, and what it printed."""
    await until(lambda: not bot.is_running)
    return bot._standing()[1], _said(bot)


# Which database


@only_sqlite
@pytest.mark.parametrize(
    "arguments",
    ["doctor", "invite supervisor --name Chen", "import owners.csv", "backup kept.zip", "new-bot --sure"],
)
async def test_d7_no_other_command_makes_a_database(home: Home, tmp_path: Path, arguments: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    _make(elsewhere)
    home.environment.chdir(elsewhere)
    home.set(database_url=None)
    (elsewhere / "owners.csv").write_text("villa,surname\n8,Wang\n")
    ended = await home.run(*arguments.split())
    assert ended.status == 1
    assert f"There is no database at {elsewhere}/concierge.sqlite: go to the concierge's folder, or set " in (
        ended.said if arguments == "doctor" else ended.complained
    )
    assert "`concierge run` or `concierge migrate` makes a new one." in ended.said + ended.complained
    assert _files(elsewhere) == [elsewhere / "owners.csv"]


async def test_d7_run_says_what_it_made_and_what_is_on_duty_where(tmp_path: Path, zygote: Zygote) -> None:
    async with Playground(token=TOKEN) as telegram:
        settings = {"DATABASE_URL": "sqlite:///concierge.sqlite"}
        on_duty = ["on duty as @concierge_bot", f"database {tmp_path}/concierge.sqlite, 1 estate, intake by polling"]
        async with _running(zygote, tmp_path, telegram, **settings) as bot:
            await until(lambda: len(_said(bot)) == 3)
            assert _said(bot) == [f"new database: {tmp_path}/concierge.sqlite", *on_duty]
            assert await bot.stop() == 0
        port = free_port()
        settings = {"DATABASE_URL": f"sqlite:///{tmp_path}/concierge.sqlite", "WEBHOOK_LISTEN": f"127.0.0.1:{port}"}
        settings |= {"WEBHOOK_URL": "https://example.com/x", "WEBHOOK_SECRET": "s" * 16}
        async with _running(zygote, tmp_path / "2", telegram, **settings) as bot:
            await until(lambda: len(_said(bot)) == 2)
            where = f"database {tmp_path}/concierge.sqlite, 1 estate, intake by webhook at 127.0.0.1:{port}"
            assert _said(bot) == [on_duty[0], where]


async def test_d7_a_database_remembers_its_bot(
    tmp_path: Path, database_url: str, zygote: Zygote, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Playground(token=TOKEN) as former, Playground(token=OTHER) as other:
        async with _running(zygote, tmp_path / "1", former, DATABASE_URL=database_url) as bot:
            await until(lambda: len(_said(bot)) >= 2)
            assert await bot.stop() == 0
        assert {fact.key: fact.value for fact in _facts(books)} == {
            "bot_id": TOKEN.split(":")[0],
            "bot_username": "concierge_bot",
        }
        _forget_signs_of_life(books)
        books.add(_update(1, InboxState.DONE), _update(2, InboxState.WAITING))
        home = Home(other, books, database_url, monkeypatch)
        home.set(bot_token=OTHER, api_url=other.api_url, database_url=database_url)

        async with _running(zygote, tmp_path / "2", other, DATABASE_URL=database_url) as bot:
            status, said = await _end_of(bot)
        assert status == 78
        (line,) = said
        assert " belongs to @concierge_bot (987654321), and CONCIERGE_BOT_TOKEN is of the bot 123123123: " in line
        assert line.endswith("set that bot's token, or run `concierge new-bot` to hand the database over.")
        invited = await home.run("invite", "supervisor", "--name", "Chen")
        assert (invited.status, invited.complained) == (78, f"{line}\n")

        assert f"✗ bot: {line.removeprefix('concierge: ')}\n" in (await home.run("doctor")).said

        asked = await home.run("new-bot")
        assert (asked.status, asked.said) == (1, "")
        assert asked.complained.startswith("concierge: Nothing was changed: ")
        assert "add --sure to hand it over" in asked.complained
        handed = await home.run("new-bot", "--sure")
        assert (handed.status, handed.complained) == (0, "")
        assert " belongs to @concierge_bot (123123123) now" in handed.said
        assert [row.update_id for row in books.all(InboxUpdate)] == [2]
        assert "✗ bot: " not in (await home.run("doctor")).said
        assert "already" in (await home.run("new-bot")).said
        async with _running(zygote, tmp_path / "3", other, DATABASE_URL=database_url) as bot:
            await until(lambda: len(_said(bot)) == 2)
            assert await bot.stop() == 0


def _facts(books: Books) -> list[InstallationFact]:
    """Returns the facts about the bot, among those of the installation."""
    with books.session() as session:
        return list(session.exec(select(InstallationFact).where(col(InstallationFact.key).startswith("bot_"))))


def _forget_signs_of_life(books: Books) -> None:
    with books.session() as session:
        session.connection().exec_driver_sql("DELETE FROM heartbeats")


def _update(update_id: int, state: InboxState) -> InboxUpdate:
    now = datetime.now(UTC)
    return InboxUpdate(update_id=update_id, chat_id=1, kind="x", payload={}, state=state, received_at=now)


# When it is on duty


async def test_d14_a_wrong_token_ends_the_run_before_it_is_ready(
    tmp_path: Path, zygote: Zygote, systemd: Systemd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    async with Playground(token=TOKEN) as telegram:
        wrong = {"BOT_TOKEN": f"{TOKEN}x", "DATABASE_URL": "sqlite:///concierge.sqlite"}
        async with _running(zygote, tmp_path, telegram, **wrong) as bot:
            status, said = await _end_of(bot)
    assert (status, said[0]) == (78, f"new database: {tmp_path}/concierge.sqlite")
    refused = "concierge: Telegram does not accept the token of CONCIERGE_BOT_TOKEN (401 Unauthorized): get the right"
    assert said[1:] == [f"{refused} one from @BotFather."]
    assert systemd.hears() == []


@only_sqlite
async def test_d14_nothing_is_ready_before_telegram_has_accepted_the_token(
    tmp_path: Path, database_url: str, zygote: Zygote, systemd: Systemd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    async with Playground(token=TOKEN) as telegram:
        fault = telegram.faults.add(Fault(FaultKind.SERVER_ERROR, method="getMe"))
        async with _running(zygote, tmp_path, telegram, DATABASE_URL=database_url) as bot:
            await until(lambda: fault.struck >= 3)
            assert systemd.hears() == []
            assert [line for line in _said(bot) if line.startswith("on duty")] == []
            telegram.faults.clear()
            await until(lambda: READY in systemd.hears())
            assert "on duty as @concierge_bot" in _said(bot)
        telegram.faults.add(Fault(FaultKind.SERVER_ERROR, method="getMe"))
        async with _running(zygote, tmp_path / "2", telegram, DATABASE_URL=database_url) as bot:
            await until(lambda: any("does not answer yet" in line for line in _lines(bot)))
            assert await bot.stop() == 0


async def test_what_falls_due_is_worked_off_while_telegram_is_silent_at_a_start(
    tmp_path: Path, database_url: str, zygote: Zygote
) -> None:
    async with living(tmp_path, database_url, zygote) as bot:
        await send_all(bot.ready())
        await until(lambda: bot.books.all(Request))
        assert await bot.bot.stop() == 0
        bot.telegram.faults.add(Fault(FaultKind.DOWN))
        bot.turn(timedelta(hours=2))
        await bot.bot.start()
        group = bot.house.group
        waiting = (OutboxMessage.state == OutboxState.WAITING, col(OutboxMessage.chat_id) == group.id)
        await until(lambda: bot.books.count(OutboxMessage, *waiting), timeout=20)
        assert not [line for line in _said(bot.bot)[2:] if "on duty" in line]
        bot.telegram.faults.clear()
        await group.sees("nobody has taken this yet")


# What is wrong

Trouble = Callable[[Home, ExitStack], None]


def _database(url: str) -> Trouble:
    return lambda home, _: home.set(database_url=url)


def _file(name: str, content: bytes) -> Trouble:
    def write(_home: Home, _: ExitStack) -> None:
        Path(name).write_bytes(content)

    return write


def _locked(home: Home, stack: ExitStack) -> None:
    other = stack.enter_context(closing(sqlite3.connect("locked.sqlite")))
    other.execute("BEGIN EXCLUSIVE")
    home.set(database_url="sqlite:///locked.sqlite?timeout=0.1")


SETTINGS = "CONCIERGE_BOT_TOKEN=1:AAAA\n# 王\n"
URL = "CONCIERGE_DATABASE_URL is wrong: "
NOT_UTF8 = "{here}/.env is not in UTF-8: save it as UTF-8."
BROKEN: dict[str, tuple[Trouble, str]] = {
    "settings in UTF-16 without a mark": (_file(".env", SETTINGS[:20].encode("utf-16-le")), NOT_UTF8),
    "settings in GB 18030": (_file(".env", SETTINGS.encode("gb18030")), NOT_UTF8),
    "no file named": (_database("sqlite:///"), URL + "it names no file, and what is kept in memory would be lost"),
    "no path at all": (_database("sqlite://"), URL + "it names no file, and what is kept in memory would be lost"),
    "in memory": (_database("sqlite:///:memory:"), URL + "a database in memory would be lost: name a file"),
    "in shared memory": (_database("sqlite:///file:x?mode=memory&uri=true"), URL + "a database in memory would be"),
    "two slashes": (_database("sqlite://concierge.sqlite"), URL + "SQLite has a file and no host: three slashes as in"),
    "another driver of SQLite's": (_database("sqlite+aiosqlite:///x"), URL + "the concierge has no driver “aiosqlite”"),
    "another engine": (_database("mysql://u:hush@h/n"), URL + "should look like sqlite:///concierge.sqlite or"),
    "an option of SQLite's": (_database("sqlite:///x?mode=ro"), URL + "SQLite takes no ?mode=, only ?timeout= with"),
    "a port too high": (_database("postgresql://u:hush@h:99999/n"), URL + "a port is a number from 1 to 65535."),
    "a port in letters": (_database("postgresql://u:hush@h:x/n"), URL + "a port is a number; in a password, / is"),
    "an unknown option": (
        _database("postgresql://u:hush@127.0.0.1:9/n?foo=1"),
        'The database postgresql://u@127.0.0.1:9/n does not answer as it should: invalid connection option "foo".',
    ),
    "no right to write": (
        _database("sqlite:////proc/x.sqlite"),
        "The database /proc/x.sqlite cannot be opened or made",
    ),
    "locked": (
        _locked,
        "The database {here}/locked.sqlite does not answer as it should: database is locked.",
    ),
    "a port of Telegram's too high": (
        lambda home, _: home.set(api_url="http://127.0.0.1:99999"),
        "CONCIERGE_API_URL is wrong: should look like https://api.telegram.org.",
    ),
}


def _is_one_line(ended: Ended, said: str, status: int = 1) -> None:
    assert (ended.status, ended.said) == (status, "")
    assert ended.complained.startswith(f"concierge: {said}")
    assert ended.complained.count("\n") == 1
    assert "Traceback" not in ended.complained
    assert "hush" not in ended.complained


@only_sqlite
@pytest.mark.parametrize("what", BROKEN)
async def test_d14_what_keeps_a_run_from_its_duty_is_named_in_one_line(home: Home, tmp_path: Path, what: str) -> None:
    trouble, said = BROKEN[what]
    with ExitStack() as stack:
        trouble(home, stack)
        of_settings = said.startswith(NOT_UTF8) or " is wrong: " in said
        _is_one_line(await home.run("run"), said.format(here=tmp_path), 78 if of_settings else 1)


async def test_d14_a_wrong_password_is_named_and_never_shown(
    home: Home, postgres_server: PostgresServer, request: pytest.FixtureRequest
) -> None:
    if make_url(home.database_url).get_backend_name() == "sqlite":
        return
    rules = Path(str(postgres_server._server.pgdata)) / "pg_hba.conf"
    before = rules.read_text()
    request.addfinalizer(lambda: rules.write_text(before))
    with psycopg.connect(home.database_url, autocommit=True) as connection:
        connection.execute("CREATE ROLE locked LOGIN PASSWORD 'right'")
        request.addfinalizer(lambda: _execute(home.database_url, "DROP ROLE locked"))
        rules.write_text(f"local all locked scram-sha-256\n{before}")
        connection.execute("SELECT pg_reload_conf()")
    home.set(database_url=make_url(home.database_url).set(username="locked", password="hush").render_as_string(False))

    def refused() -> bool:
        with pytest.raises(psycopg.OperationalError) as found:
            psycopg.connect(os.environ["CONCIERGE_DATABASE_URL"])
        return "password" in str(found.value)

    await until(refused)
    ended = await home.run("run")
    _is_one_line(ended, "The database postgresql://locked@")
    assert 'password authentication failed for user "locked".' in ended.complained


def _execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def test_d14_a_full_disk_is_named_in_one_line(tmp_path: Path) -> None:
    """A limit to the size of files stands for the disk."""
    python = f"{sys.executable} -m concierge_bot run"
    environment = {**os.environ, "CONCIERGE_BOT_TOKEN": TOKEN, "CONCIERGE_DATABASE_URL": "sqlite:///x.sqlite"}
    environment |= {"PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONDONTWRITEBYTECODE": "1"}
    ended = subprocess.run(
        ["bash", "-c", f"ulimit -f 20; {python}"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    _is_one_line(
        Ended(ended.returncode, ended.stdout, ended.stderr),
        f"The database {tmp_path}/x.sqlite does not answer as it should: ",
    )


@only_sqlite
@pytest.mark.parametrize("setting", ["WEBHOOK_LISTEN", "HEALTH_LISTEN"])
async def test_d14_a_port_in_use_is_named_with_its_setting(
    tmp_path: Path, database_url: str, zygote: Zygote, setting: str
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        wanted = {setting: f"127.0.0.1:{other.getsockname()[1]}", "DATABASE_URL": database_url}
        if setting == "WEBHOOK_LISTEN":
            wanted |= {"WEBHOOK_URL": "https://example.com/x", "WEBHOOK_SECRET": "s" * 16}
        async with Playground(token=TOKEN) as telegram, _running(zygote, tmp_path, telegram, **wanted) as bot:
            status, said = await _end_of(bot)
    assert status == 1
    line = said[-1]
    assert line.startswith(f"concierge: The concierge cannot listen on CONCIERGE_{setting}: ")
    assert "in use" in line
    assert not any(line.startswith("on duty") for line in said)
    assert "Traceback" not in (tmp_path / "bot.log").read_text()


@only_sqlite
async def test_d14_the_file_of_the_one_on_duty_is_named_where_it_cannot_be_written(home: Home, tmp_path: Path) -> None:
    home.migrated()
    _make(tmp_path / "concierge.sqlite-duty")
    said = f"{tmp_path}/concierge.sqlite-duty, beside the database, cannot be written: Is a directory."
    _is_one_line(await home.run("run"), said)


@only_sqlite
async def test_d14_no_page_is_shown_on_a_port_that_cannot_be(home: Home) -> None:
    _is_one_line(await home.run("demo", "--port", "99999"), "--port is wrong: it should be a number from 1 to 65535.")


# The settings' file, the version, the log


@only_sqlite
async def test_a_named_file_of_settings_is_read_by_every_command(home: Home, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    file = tmp_path / "elsewhere" / "concierge.env"
    home.set(bot_token=None, database_url=None)
    (tmp_path / ".env").write_text(f"CONCIERGE_BOT_TOKEN={OTHER}\nCONCIERGE_DATABASE_URL=sqlite:////no/such/x\n")
    lines = f"CONCIERGE_BOT_TOKEN={TOKEN}\nCONCIERGE_DATABASE_URL=sqlite:///{tmp_path}/named.sqlite\n"
    file.write_bytes(b"\xef\xbb\xbf" + lines.encode())  # with the mark that some editors put before UTF-8
    assert (await home.run("--env-file", str(file), "migrate")).status == 0
    assert (tmp_path / "named.sqlite").exists()
    invited = await home.run("--env-file", str(file), "invite", "supervisor", "--name", "Chen")
    assert invited.said.startswith("https://t.me/concierge_bot?start=")
    home.set(database_url="sqlite:///of_the_environment.sqlite")
    assert "of_the_environment" in (await home.run("--env-file", str(file), "migrate")).said


@only_sqlite
@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("none.env", "There is no file {here}/none.env: --env-file names a file of"),
        (".", "{here} cannot be read: Is a"),
    ],
)
async def test_a_named_file_that_cannot_be_read_is_said(home: Home, tmp_path: Path, named: str, said: str) -> None:
    _is_one_line(await home.run("--env-file", named, "migrate"), said.format(here=tmp_path), 78)


async def test_the_version_is_printed() -> None:
    ended = await asyncio.to_thread(run, "--version")
    assert (ended.status, ended.said) == (0, f"concierge {version('villa-concierge')}\n")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("--version >&-", "The output could not be written: it is closed."),
        ("--version >/dev/full", "The output could not be written: No space left on device."),
        ("migrate", "The output could not be written in latin-1: set PYTHONUTF8=1."),
    ],
)
def test_an_output_that_cannot_be_written_is_named_in_one_line(tmp_path: Path, command: str, said: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONIOENCODING": "latin-1"}
    ended = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m concierge_bot {command}"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    _is_one_line(Ended(ended.returncode, ended.stdout, ended.stderr), said)


@pytest.mark.parametrize(("level", "ours", "theirs"), [("debug", 10, 20), ("info", 20, 20), ("error", 40, 40)])
def test_libraries_say_nothing_below_info(level: str, ours: int, theirs: int) -> None:
    """At debug they quote what people write."""
    before = logging.getLogger().handlers[:], logging.getLogger().level
    try:
        logs.configure(level=level)
        assert logging.getLogger("concierge_bot.runtime.app").getEffectiveLevel() == ours
        assert logging.getLogger("telegram").getEffectiveLevel() == theirs
    finally:
        logging.getLogger().handlers[:], logging.getLogger().level = before
        for package in logs.PACKAGES:
            logging.getLogger(package).setLevel(logging.NOTSET)
