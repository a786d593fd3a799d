"""The schema's version: upgraded, downgraded, compared with the one that this program needs.

Alembic is imported only for a change of the schema: a start seldom finds one, and need not wait for the import.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, String, column, inspect, select, table

from storage.engine.unit import Storage

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "head"
BASE = "base"
MIGRATIONS = Path(__file__).parent / "migrations"
NOTED_IN = "alembic_version"
"""The table in which Alembic notes the version."""


def needed() -> str:
    """Returns the version that this program works with."""
    return max(_versions())


def present(storage: Storage) -> str | None:
    """Returns the version of the database; None for an empty one."""
    with storage.engine.connect() as connection:
        return version_of(connection)


def version_of(connection: Connection) -> str | None:
    """Returns the version of the database behind a connection; None for an empty one."""
    if not inspect(connection).has_table(NOTED_IN):
        return None
    noted = connection.scalars(select(column("version_num", String)).select_from(table(NOTED_IN)))
    return noted.one_or_none()  # raises where there are two: a history that has parted


def is_known(version: str) -> bool:
    """Returns whether this program knows a version; an unknown one was made by a newer program."""
    return version in _versions()


def upgrade(storage: Storage, version: str = HEAD) -> None:
    """Upgrades the schema. Raises sqlalchemy.exc.DBAPIError where the database refuses."""
    with storage.engine.begin() as connection:
        bring_up(connection, version)


def bring_up(connection: Connection, version: str = HEAD) -> None:
    """Upgrades the schema in a transaction that is open already."""
    from alembic import command  # noqa: PLC0415

    command.upgrade(_config(connection=connection), version)


def forget(connection: Connection) -> None:
    """Marks a database as empty after its tables were dropped, in a transaction that is open already."""
    from alembic import command  # noqa: PLC0415

    command.stamp(_config(connection=connection), BASE)


def downgrade(storage: Storage, version: str = BASE) -> None:
    """Downgrades the schema; loses what later versions stored."""
    with storage.engine.begin() as connection:
        bring_down(connection, version)


def bring_down(connection: Connection, version: str = BASE) -> None:
    """Downgrades the schema in a transaction that is open already."""
    from alembic import command  # noqa: PLC0415

    command.downgrade(_config(connection=connection), version)


def _versions() -> set[str]:
    """Returns the versions of all migrations: each file's name begins with one."""
    return {path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py")}


def _config(**attributes: object) -> Config:
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes.update(attributes)
    return config
