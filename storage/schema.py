"""The schema's version: brought up, brought down, compared with the one that this program needs."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage.unit import Storage

HEAD = "head"
BASE = "base"


def needed() -> str:
    """The version that this program works with."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise LookupError("there are no migrations")
    return head


def present(storage: Storage) -> str | None:
    """The version of the database; None for an empty one."""
    with storage.engine.connect() as connection:
        return version_of(connection)


def version_of(connection: Connection) -> str | None:
    """The version of the database that a connection leads to; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def is_known(version: str) -> bool:
    """Whether this program knows a version: one that it does not know was made by a newer program."""
    return any(script.revision == version for script in ScriptDirectory.from_config(_config()).walk_revisions())


def upgrade(storage: Storage, version: str = HEAD) -> None:
    """Brings the schema up. Raises sqlalchemy.exc.DBAPIError where the database refuses."""
    with storage.engine.begin() as connection:
        bring_up(connection, version)


def bring_up(connection: Connection, version: str = HEAD) -> None:
    """Brings the schema up in a transaction that is open already."""
    command.upgrade(_config(connection=connection), version)


def forget(connection: Connection) -> None:
    """Has a database whose tables were dropped count as empty, in a transaction that is open already."""
    command.stamp(_config(connection=connection), BASE)


def downgrade(storage: Storage, version: str = BASE) -> None:
    """Brings the schema down; what the later versions kept is lost."""
    with storage.engine.begin() as connection:
        command.downgrade(_config(connection=connection), version)


def _config(**attributes: object) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes.update(attributes)
    return config
