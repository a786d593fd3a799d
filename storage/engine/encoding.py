"""The encoding of a PostgreSQL database: only UTF8 holds what people write."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, event

NEEDED = "UTF8"
CLIENT_ENCODING = {"client_encoding": NEEDED}
"""What a connection is opened with, whatever the environment or the role would have."""
CREATEDB = f"createdb --encoding={NEEDED} --locale=C.UTF-8 --template=template0 concierge_utf8"


class EncodingError(Exception):
    """Raised where a database has another encoding; the message says how to make one that has not."""


def check_encoding(engine: Engine) -> None:
    """Checks the encoding at each connect of an engine, which then raises EncodingError for another than UTF8."""
    event.listen(engine, "connect", _require_utf8, insert=True)  # before SQLAlchemy asks what it cannot read then


def _require_utf8(connection: Any, _record: Any) -> None:
    """Compares what the server has told at the connect: it costs no round trip."""
    found = connection.info.parameter_status("server_encoding")
    if found != NEEDED:
        name = connection.info.dbname
        connection.close()
        raise EncodingError(
            f"The database “{name}” keeps its texts in {found}, which has no room for what people write: it needs "
            f"{NEEDED}. Make another with `{CREATEDB}`, and name it in CONCIERGE_DATABASE_URL."
        )
