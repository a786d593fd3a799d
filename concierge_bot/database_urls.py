"""The addresses of databases: whether the concierge can work with one, and its place in words, without passwords."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

FORM = "should look like sqlite:///concierge.sqlite or postgresql://user:password@host/name"
DRIVERS = {"sqlite": "pysqlite", "postgresql": "psycopg", "postgres": ""}
"""The engines, each with the driver that may be named; the other ones of theirs are not shipped."""
LARGEST_PORT = 65535


def checked(value: str) -> str:
    """Returns the address of a database. Raises ValueError, which names what is wrong with it and never quotes it."""
    url = _parsed(value)
    engine, _, driver = url.drivername.partition("+")
    if engine not in DRIVERS:
        raise ValueError(FORM)
    if driver not in {"", DRIVERS[engine]}:
        raise ValueError(f"the concierge has no driver “{driver}”: write {engine}://… without one")
    if engine == "sqlite":
        _check_sqlite(url)
    elif url.port is not None and not 1 <= url.port <= LARGEST_PORT:
        raise ValueError(f"a port is a number from 1 to {LARGEST_PORT}")
    return value


def place(url: URL) -> str:
    """Returns the place of a database: the absolute path of a file, or the server and name, without a password."""
    if url.get_backend_name() == "sqlite":
        return str(Path(url.database or "").absolute())
    shown = URL.create("postgresql", url.username, host=url.host, port=url.port, database=url.database)
    return shown.render_as_string()


def _parsed(value: str) -> URL:
    try:
        return make_url(value)
    except ArgumentError:
        raise ValueError(FORM) from None
    except ValueError:
        raise ValueError("a port is a number; in a password, / is written %2F, : is %3A and @ is %40") from None


def _check_sqlite(url: URL) -> None:
    name = url.database or ""
    if url.host:
        raise ValueError("SQLite has a file and no host: three slashes as in sqlite:///concierge.sqlite, four as in "
                         "sqlite:////var/lib/concierge/concierge.sqlite")  # fmt: skip
    if not name:
        raise ValueError("it names no file, and what is kept in memory would be lost: sqlite:///concierge.sqlite does")
    if name == ":memory:" or name.startswith("file:"):
        raise ValueError("a database in memory would be lost: name a file, as in sqlite:///concierge.sqlite")
    for option, given in url.query.items():
        if option != "timeout":
            raise ValueError(f"SQLite takes no ?{option}=, only ?timeout= with a number of seconds")
        if not isinstance(given, str) or not _is_duration(given):
            raise ValueError("?timeout= should be a number of seconds, such as ?timeout=5")


def _is_duration(text: str) -> bool:
    try:
        return 0 <= float(text) < float("inf")
    except ValueError:
        return False
