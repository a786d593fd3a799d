"""The commands: each ends with status 0, or with one line that says what to do."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from typer.main import get_command

from concierge_bot.cli import app
from concierge_bot.runtime.processes.single_instance import alone
from storage import schema
from storage.engine.unit import Storage
from storage.tables import people
from storage.tables.announcements import Announcement
from storage.tables.audit import AuditEntry
from storage.tables.queues import Heartbeat, InboxState, InboxUpdate, OutboxMessage, OutboxState, Timer
from tests.runtime.harness import move_in, only_sqlite, routine
from tests.support.commands import TOKEN, Home, run

NEWEST = schema.needed()
ROOT = Path(__file__).parents[2]


def _now() -> datetime:
    return datetime.now(UTC)


async def test_a_sound_installation_is_well(home: Home) -> None:
    home.migrated()
    await move_in(home.telegram, home.books, _now())
    ended = await home.run("doctor")
    assert (ended.status, ended.complained) == (0, "")
    lines = ended.said.splitlines()
    advice = [line.split(":")[0] for line in lines if not line.startswith("✓ ")]
    assert advice == ["! managers", "! teams", "! restore drill"]
    assert [line[2:].split(":")[0] for line in lines] == [
        "token",
        "catalogue",
        "languages",
        "telephone numbers",
        "database",
        "villas",
        "supervisors",
        "managers",
        "inbox",
        "outbox",
        "teams",
        "groups",
        "timers",
        "refusals",
        "restore drill",
        "signs of life",
        "server",
        "updates",
        "staff chat butlers",
    ]


@only_sqlite
async def test_the_doctor_tells_a_program_the_same(home: Home) -> None:
    home.migrated()
    house = await move_in(home.telegram, home.books, _now())
    ended, told = await home.run("doctor", "--json"), await home.run("doctor")
    found = json.loads(ended.said)
    assert (ended.status, ended.complained, found["well"]) == (0, "", True)
    lines = [line.split(": ", 1) for line in told.said.splitlines()]
    assert [finding["said"] for finding in found["findings"]] == [said for _, said in lines]
    assert {finding["mark"] for finding in found["findings"]} == {"well", "advice"}
    await house.group.demote_bot()
    ended = await home.run("doctor", "--json")
    found = json.loads(ended.said)
    assert (ended.status, found["well"]) == (1, False)
    wrong = [finding for finding in found["findings"] if finding["mark"] == "wrong"]
    said = "Make the bot an administrator of “Butlers”, so that it sees who joins and leaves."
    assert wrong == [{"check": "staff_chat", "about": "butlers", "mark": "wrong", "said": said}]
    home.set(api_url="y")
    found = json.loads((await home.run("doctor", "--json")).said)
    assert [(finding["check"], finding["mark"]) for finding in found["findings"]] == [("settings", "wrong")]


def _set_aside(received_at: datetime) -> InboxUpdate:
    return InboxUpdate(
        update_id=1,
        chat_id=1,
        kind="message",
        payload={},
        state=InboxState.FAILED,
        received_at=received_at,
        error="KeyError at handlers.owner:1",
    )


def _write(name: str, text: str) -> None:
    Path(name).write_text(text, encoding="utf-8")


def _version(home: Home, version: str) -> None:
    with home.books.session() as session:
        session.connection().exec_driver_sql(f"UPDATE alembic_version SET version_num = '{version}'")


@only_sqlite
async def test_a_new_installation_is_led_to_its_first_steps(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "new.sqlite"
    home.set(database_url=f"sqlite:///{file}")
    assert f"There is no database at {file}: " in (await home.findings())["database"]
    file.touch()
    assert f"The database {file} is empty: run `concierge migrate`." in (await home.findings())["database"]
    assert (await home.run("migrate")).said == f"new database: {file}\nschema: none → {NEWEST}\n"
    home.migrated()
    home.set(database_url=home.database_url)
    findings = await home.findings()
    assert list(findings) == ["supervisors", "staff chats"]
    assert "a supervisor sends /staffchat" in findings["staff chats"]


@only_sqlite
async def test_what_went_wrong_long_ago_does_not_keep_the_doctor_unhappy(home: Home) -> None:
    home.migrated()
    await move_in(home.telegram, home.books, _now())
    long_ago = _now() - timedelta(days=8)
    home.books.add(_set_aside(long_ago), routine(-5, long_ago, "hello", state=OutboxState.DEAD))
    assert await home.findings() == {}


async def test_migrating_up_down_and_up(home: Home) -> None:
    home.migrated()
    assert (await home.run("migrate")).said == f"schema: {NEWEST} → {NEWEST}\n"
    rows = sum(home.books.count(table) for table in (people.Estate, Timer, AuditEntry))
    assert (await home.run("migrate", "--to", "base", "--lose", f"{rows}")).said == f"schema: {NEWEST} → none\n"
    assert (await home.run("migrate")).said.endswith(f"schema: none → {NEWEST}\n")
    assert (await home.run("migrate", "--to", NEWEST)).said == f"schema: {NEWEST} → {NEWEST}\n"


async def test_going_down_says_what_would_be_lost_and_wants_its_number(home: Home) -> None:
    home.migrated()
    house = await move_in(home.telegram, home.books, _now(), owners=3)
    home.books.add(
        Announcement(estate_id=1, author_id=5, created_at=_now()), routine(-5, _now(), "x", announcement_id=1)
    )
    home.books.add(routine(house.owners[0].id, _now(), "of no announcement"))
    entries = home.books.count(AuditEntry)
    for word in ((), ("--lose", "1"), ("--lose", f"{entries + 3}")):
        ended = await home.run("migrate", "--to", "0001", *word)
        assert (ended.status, ended.said) == (1, "")
        assert ended.complained.startswith("concierge: Nothing was changed: the schema 0001 has no place for what ")
        assert (
            f" holds ({entries} of audit_entries, 1 of announcements, 1 of outbox.announcement_id). "
            in ended.complained
        )
        assert ended.complained.endswith(
            f"Run `concierge backup` first, then add --lose {entries + 2} to lose these rows.\n"
        )
        assert ended.complained.count("\n") == 1
    assert "5 of people" in (await home.run("migrate", "--to", "base")).complained
    assert home.books.count(people.Person) == 5
    lost = f"{entries + 2}"
    assert (await home.run("migrate", "--to", "0001", "--lose", lost)).said == f"schema: {NEWEST} → 0001\n"
    assert (await home.run("migrate")).said == f"schema: 0001 → {NEWEST}\n"
    assert home.books.count(people.Person) == 5
    # What is empty is lost without a word
    assert (await home.run("migrate", "--to", "0001")).said == f"schema: {NEWEST} → 0001\n"


async def test_d5_a_living_concierges_database_is_not_brought_down(home: Home) -> None:
    home.migrated()
    home.books.add(Heartbeat(part="clock", at=_now()))
    for version in ("base", "0004"):
        ended = await home.run("migrate", "--to", version, "--lose", "3")
        assert (ended.status, ended.said) == (1, "")
        assert "A concierge is running on this database (clock): stop it" in ended.complained
    assert home.books.count(people.Estate) == 1
    assert (await home.run("migrate")).said == f"schema: {NEWEST} → {NEWEST}\n"


async def test_d5_what_telegram_is_asked_for_again_is_not_counted_as_lost(home: Home) -> None:
    home.migrated()
    house = await move_in(home.telegram, home.books, _now(), owners=1)
    with home.books.session() as session:
        known = session.exec(select(people.Person.id).where(people.Person.telegram_id == house.owners[0].id)).one()
    home.books.add(
        people.Membership(chat_id=-5, person_id=known or 0, since=_now(), confirmed_at=_now(), asked_at=_now())
    )
    entries = f"{home.books.count(AuditEntry)}"
    assert (await home.run("migrate", "--to", "0015", "--lose", entries)).said == f"schema: {NEWEST} → 0015\n"
    assert (await home.run("migrate")).said == f"schema: 0015 → {NEWEST}\n"


@only_sqlite
async def test_no_concierge_goes_on_duty_while_a_database_is_brought_down(home: Home) -> None:
    home.migrated()
    storage = Storage(home.database_url)
    with alone(storage):
        ended = await home.run("migrate", "--to", "base", "--lose", "2")
    storage.close()
    assert (ended.status, ended.said) == (1, "")
    assert "Another concierge is on duty with this database" in ended.complained
    assert home.books.count(people.Estate) == 1


@only_sqlite
@pytest.mark.parametrize("command", [("run",), ("invite", "supervisor", "--name", "Chen")])
async def test_an_older_or_newer_schema_is_refused_in_one_sentence(home: Home, command: tuple[str, ...]) -> None:
    home.migrated()
    _version(home, "9999")
    newer = await home.run(*command)
    migrate = await home.run("migrate")
    _version(home, "0001")
    older = await home.run(*command)
    assert (newer.status, migrate.status, older.status) == (78, 78, 1)
    said = "concierge: The database has the schema 9999 of a newer concierge: install that version.\n"
    assert newer.complained == migrate.complained == said
    assert older.complained == (
        "concierge: The database has the older schema 0001: run `concierge migrate` to bring it up.\n"
    )


@only_sqlite
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("migrate", "--to", "0815"), "There is no such version"),
        (("migrate", "--to", ""), "There is no such version"),
        (("migrate", "--to", "-1"), "There is no such version"),
        (("invite", "supervisor", "--name", " "), "--name is wrong: it should have 1 to 80 letters."),
        (("invite", "supervisor", "--name", "C", "--language", "xx"), "--language is wrong: it should be one of en, "),
        (("invite", "supervisor", "--name", "C", "--estate", "Atlantis"), "Which estate? Name it with --estate"),
        (("invite", "owner", "--villa", "", "--surname", "W"), "--villa is wrong"),
        (("invite", "owner", "--villa", "8", "--surname", "W" * 81), "--surname is wrong"),
        (("invite", "owner", "--villa", "8", "--surname", "W", "--title", "sir"), "--title is wrong: it should be one"),
        (("invite", "owner", "--villa", "8", "--surname", "W", "--birthday", "31.12."), "--birthday is wrong"),
        (("invite", "owner", "--villa", "8", "--surname", "W", "--birthday", "02-30"), "--birthday is wrong"),
    ],
)
async def test_what_a_command_cannot_do_it_says_in_one_line(home: Home, arguments: tuple[str, ...], said: str) -> None:
    home.migrated()
    ended = await home.run(*arguments)
    assert ended.status == 1
    assert ended.said == ""
    assert ended.complained.startswith(f"concierge: {said}")
    assert ended.complained.count("\n") == 1
    assert home.books.count(people.Person) == 0
    assert home.books.count(people.Villa) == 0


@only_sqlite
async def test_an_invitation_needs_the_bots_name(home: Home) -> None:
    home.migrated()
    for settings in ({"bot_token": "1:AAAAAA"}, {"bot_token": TOKEN, "api_url": "http://127.0.0.1:9"}):
        home.set(**settings)
        ended = await home.run("invite", "supervisor", "--name", "Chen")
        assert ended.status == 1
        assert "does not answer as it should" in ended.complained
        assert "run `concierge doctor`" in ended.complained
        assert TOKEN not in ended.complained
    assert home.books.count(people.Invite) == 0


async def test_an_invitation_prints_a_link(home: Home) -> None:
    home.migrated()
    given = ("--given-name", "Wei", "--title", "mr", "--language", "zh", "--birthday", "02-29", "--nationality", "CN")
    ended = await home.run("invite", "owner", "--villa", "8", "--surname", "王", *given)
    assert ended.status == 0
    link, until = ended.said.splitlines()
    assert link.startswith("https://t.me/concierge_bot?start=")
    assert until.startswith("One use, until ")
    owner = home.books.one(people.Person)
    assert (owner.surname, owner.form, owner.language, owner.birth_month, owner.birth_day, owner.nationality) == (
        "王",
        "m",
        "zh_Hans",
        2,
        29,
        "CN",
    )


WRONG: list[tuple[str, str | None, str]] = [
    ("bot_token", None, "CONCIERGE_BOT_TOKEN is missing: it should look like 123456789:AAE…"),
    ("bot_token", "secret", "CONCIERGE_BOT_TOKEN is wrong: should look like 123456789:AAE…"),
    ("api_url", "api.telegram.org", "CONCIERGE_API_URL is wrong: should look like https://api.telegram.org."),
    ("database_url", "mysql://x", "CONCIERGE_DATABASE_URL is wrong: should look like sqlite:///concierge.sqlite or"),
    ("database_url", "here.sqlite", "CONCIERGE_DATABASE_URL is wrong: should look like sqlite:///concierge.sqlite or"),
    ("catalogue", "none.toml", "CONCIERGE_CATALOGUE is wrong: should be the path of a TOML file."),
    ("webhook_url", "example.com/x", "CONCIERGE_WEBHOOK_URL is wrong: should look like https://"),
    ("webhook_url", "https://example.com/x", "CONCIERGE_WEBHOOK_SECRET is missing: a webhook needs one, 16 to 256"),
    ("webhook_secret", "short", "CONCIERGE_WEBHOOK_SECRET is wrong: should be 16 to 256 letters, digits, _ or -."),
    ("webhook_listen", "8080", "CONCIERGE_WEBHOOK_LISTEN is wrong: should look like 127.0.0.1:8080."),
    ("webhook_listen", "127.0.0.1:99999", "CONCIERGE_WEBHOOK_LISTEN is wrong: should look like 127.0.0.1:8080."),
    ("rate_overall", "0", "CONCIERGE_RATE_OVERALL is wrong: "),
    ("rate_group", "many", "CONCIERGE_RATE_GROUP is wrong: "),
    ("rate_burst", "0.5", "CONCIERGE_RATE_BURST is wrong: "),
]


@only_sqlite
async def test_a_wrong_setting_is_named_with_what_it_should_look_like(home: Home) -> None:
    home.migrated()
    for name, value, said in WRONG:
        with pytest.MonkeyPatch.context() as environment:
            if value is None:
                environment.delenv(f"CONCIERGE_{name.upper()}")
            else:
                environment.setenv(f"CONCIERGE_{name.upper()}", value)
            ended = await home.run("run")
        assert ended.status == 78, name
        assert ended.complained.startswith(f"concierge: {said}"), ended.complained
        assert ended.complained.count("\n") == 1
        assert value is None or name not in {"bot_token", "webhook_secret"} or value not in ended.complained


@only_sqlite
async def test_several_wrong_settings_are_all_named(home: Home) -> None:
    home.set(bot_token="x", api_url="y", webhook_listen="z")
    names = ("BOT_TOKEN", "API_URL", "WEBHOOK_LISTEN")
    complained = (await home.run("run")).complained
    assert all(f"CONCIERGE_{name} is wrong" in complained for name in names)
    found = (await home.run("doctor")).said.splitlines()
    assert [line.split(" is wrong")[0] for line in found] == [f"✗ settings: CONCIERGE_{name}" for name in names]


@only_sqlite
async def test_settings_may_stand_in_a_file(home: Home) -> None:
    home.set(bot_token=None)
    _write(".env", "CONCIERGE_BOT_TOKEN=not-one\n")
    assert "CONCIERGE_BOT_TOKEN is wrong" in (await home.findings())["settings"]


def _commands(found: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    for name, command in getattr(found, "commands", {}).items():
        yield from _commands(command, (*path, name))


def test_a_start_waits_for_no_import_that_it_does_not_use() -> None:
    """In a process of its own: this one has long imported everything."""
    modules = "concierge_bot.cli, concierge_bot.runtime.processes.single_instance, concierge_bot.runtime.app"
    start = f"import {modules}, sys; print(*sys.modules)"
    imported = subprocess.run([sys.executable, "-c", start], capture_output=True, text=True, check=True, cwd=ROOT)
    names = set(imported.stdout.split())
    assert "aiogram" in names
    assert not names & {"alembic", "psycopg", "matplotlib", "aiohttp.web"}


def test_every_command_has_its_help() -> None:
    commands = list(_commands(get_command(app)))
    assert {("run",), ("doctor",), ("migrate",), ("invite", "supervisor"), ("invite", "owner")} <= set(commands)
    for command in commands:
        ended = run(*command, "--help")
        assert ended.status == 0
        assert " ".join(["Usage: concierge", *command]) in ended.said
    ended = run("fly")
    assert ended.status == 2
    assert "No such command 'fly'" in ended.complained


@only_sqlite
async def test_a_dead_message_of_the_outbox_is_listed_shortly(home: Home) -> None:
    home.migrated()
    await move_in(home.telegram, home.books, _now())
    home.books.add(*[_dead(number) for number in range(30)])
    said = (await home.findings())["outbox"]
    assert said.startswith("30 messages could not be delivered: ")
    assert said.count("to -5") == 5


def _dead(number: int) -> OutboxMessage:
    found = routine(-5, _now(), f"line {number}")
    found.state, found.error = OutboxState.DEAD, "gone"
    return found
