"""A snapshot of the whole database at one moment, which holds up nobody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL

from storage.archive.manifest import ArchiveError
from storage.engine.encoding import CLIENT_ENCODING, check_encoding
from storage.engine.unit import busy_timeout


@contextmanager
def snapshot(url: URL) -> Iterator[Connection]:
    """Opens a read-only connection that sees the database as of its first look, and no later commit.

    Raises ArchiveError where there is no file.
    """
    engine = _of_sqlite(url) if url.get_backend_name() == "sqlite" else _of_postgresql(url)
    try:
        with engine.connect() as connection, connection.begin():
            yield connection
    finally:
        engine.dispose()


def _of_sqlite(url: URL) -> Engine:
    """Builds a read-only engine; in WAL mode a reader sees the moment of its first look, beside the writer."""
    if not url.database or not Path(url.database).is_file():
        raise ArchiveError(f"There is no database {url.database}: check CONCIERGE_DATABASE_URL.")
    engine = create_engine(url, connect_args=busy_timeout(url))
    event.listen(engine, "connect", _only_read)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN DEFERRED"))
    return engine


def _only_read(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA query_only=ON")


def _of_postgresql(url: URL) -> Engine:
    read_only = {"postgresql_readonly": True}
    engine = create_engine(
        url, isolation_level="REPEATABLE READ", connect_args=CLIENT_ENCODING, execution_options=read_only
    )
    check_encoding(engine)
    return engine
