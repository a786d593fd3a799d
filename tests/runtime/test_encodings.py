"""PostgreSQL's encodings: only UTF8 holds what people write, and every command says so in one line."""

from __future__ import annotations

import re
import shlex

import psycopg
import pytest
from sqlalchemy import make_url

from storage.engine.encoding import CREATEDB
from tests.support.commands import Home
from tests.support.databases import PostgresServer

COMMANDS = (
    "run",
    "doctor",
    "migrate",
    "invite supervisor --name Chen",
    "import owners.csv",
    "backup another.zip",
    "restore kept.zip",
    "new-bot --sure",
)


def _is_sqlite(home: Home) -> bool:
    return make_url(home.database_url).get_backend_name() == "sqlite"


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1", "EUC_CN"])
async def test_d9_every_command_names_a_database_that_is_not_in_utf8(
    home: Home, postgres_server: PostgresServer, encoding: str
) -> None:
    if _is_sqlite(home):
        return
    home.migrated()
    home.write("owners.csv", "villa,surname\n8,Wang\n")
    await home.run("backup", "kept.zip")
    url = postgres_server.encoded(encoding)
    home.set(database_url=url)
    said = f"The database “{make_url(url).database}” keeps its texts in {encoding}, which has no room for what people "
    for command in COMMANDS:
        ended = await home.run(*command.split())
        assert ended.status == (1 if command == "doctor" else 78), command
        told = ended.said + ended.complained
        (line,) = [line for line in told.splitlines() if "keeps its texts" in line]
        assert line.startswith(("✗ database: " if command == "doctor" else "concierge: ") + said), command
        assert f"it needs UTF8. Make another with `{CREATEDB}`, and name it in CONCIERGE_DATABASE_URL." in line
        assert command == "doctor" or told.count("\n") == 1


async def test_d9_the_command_that_is_named_makes_a_database_that_will_do(
    home: Home, postgres_server: PostgresServer
) -> None:
    if _is_sqlite(home):
        return
    home.set(database_url=postgres_server.encoded("SQL_ASCII"))
    made_by = re.search("`(createdb [^`]+)`", (await home.run("migrate")).complained)
    assert made_by is not None
    words = shlex.split(made_by[1])
    postgres_server.command(*words)
    home.set(database_url=postgres_server.url_of(words[-1]))
    assert (await home.run("migrate")).status == 0
    postgres_server.command("dropdb", words[-1])


async def test_d9_what_the_environment_would_speak_changes_nothing(home: Home) -> None:
    if _is_sqlite(home):
        return
    home.migrated()
    home.environment.setenv("PGCLIENTENCODING", "LATIN1")
    ended = await home.run("invite", "owner", "--villa", "8", "--surname", "王")
    assert (ended.status, ended.complained) == (0, "")
    home.environment.delenv("PGCLIENTENCODING")
    with psycopg.connect(home.database_url) as connection:
        assert connection.execute("SELECT surname FROM people").fetchall() == [("王",)]
