"""The foundation of every command: settings, catalogue, and a database whose schema fits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

from concierge_bot import settings as all_settings
from concierge_bot.catalogue import model as catalogues
from concierge_bot.catalogue.model import Catalogue
from concierge_bot.clocks import Clock, FileClock
from concierge_bot.database_urls import place
from concierge_bot.desk.capabilities import CAPABILITIES
from concierge_bot.desk.context import Desk
from concierge_bot.desk.menus import command_menus
from concierge_bot.desk.operations import estates
from concierge_bot.i18n import codes
from concierge_bot.operators import operator
from concierge_bot.settings import Settings
from storage import schema
from storage.engine.encoding import EncodingError
from storage.engine.unit import Storage, database

T = TypeVar("T")


class ConciergeError(Exception):
    """Raised where the concierge cannot work with the installation as found; the message says what to do."""


class LastingError(ConciergeError):
    """Raised where only a person mends it: starting anew does not help."""


@dataclass(frozen=True)
class Installation:
    """The settings, catalogue, database and clock of an installation, opened."""

    settings: Settings
    catalogue: Catalogue
    storage: Storage
    clock: Clock
    is_new: bool = False
    """Whether its database was made just now."""

    @property
    def place(self) -> str:
        """Returns the place of the database, without a password."""
        return place(self.storage.url)

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """Opens the desk for one unit of work of a command, in the calling thread.

        Where it changed somebody's role, the concierge on duty tells Telegram their menu of commands.
        """
        with self.storage.unit() as session:
            desk = Desk(session, self.clock.now(), self.catalogue, capabilities=CAPABILITIES, operator=operator())
            yield desk
            command_menus.settle_changed(desk)

    @contextmanager
    def looking(self) -> Iterator[Desk]:
        """Opens the desk for a command that only reads, beside whoever writes."""
        with self.storage.reading() as session:
            yield Desk(session, self.clock.now(), self.catalogue, capabilities=CAPABILITIES)


def clock_of(settings: Settings) -> Clock:
    """Returns the machine's clock, or the clock that a playground turns."""
    return FileClock(settings.clock_file) if settings.clock_file else Clock()


def open_installation(settings: Settings | None = None, *, create: bool = False) -> Installation:
    """Opens an installation; with `create`, makes a database that is not there, or has no schema yet.

    Raises ConciergeError, SettingsError or CatalogueError.
    """
    settings = settings or all_settings.load()
    catalogue = catalogues.load(settings.catalogue, codes())
    storage = open_storage(settings, create=create)
    try:
        is_new = create and _guarded(storage, lambda: schema.present(storage)) is None
        if is_new:
            _guarded(storage, lambda: schema.upgrade(storage))
        check_schema(storage)
        installation = Installation(settings, catalogue, storage, clock_of(settings), is_new)
        _guarded(storage, lambda: _ensure_first_estate(installation))
    except BaseException:
        storage.close()
        raise
    return installation


def _ensure_first_estate(installation: Installation) -> None:
    with installation.desk() as desk:
        estates.ensure_first(desk)


def open_storage(settings: Settings, *, create: bool = False) -> Storage:
    """Opens the database of the settings. Raises ConciergeError where it is not there, unless it is to be made."""
    require_database(settings, create=create)
    try:
        return Storage(settings.database_url)
    except OSError as error:
        where = place(database(settings.database_url))
        raise ConciergeError(f"The database {where} cannot be opened or made: {error.strerror}.") from None


def require_database(settings: Settings, *, create: bool = False) -> None:
    """Requires SQLite's file; with `create`, the folder for it. Raises ConciergeError where it is not there."""
    url = database(settings.database_url)
    if url.get_backend_name() != "sqlite":
        return
    file = Path(place(url))
    if file.is_dir():
        raise ConciergeError(f"{file} is a folder: CONCIERGE_DATABASE_URL should name a file.")
    if not file.parent.is_dir():
        raise ConciergeError(f"There is no folder {file.parent} for the database of CONCIERGE_DATABASE_URL.")
    if not create and not file.exists():
        raise ConciergeError(
            f"There is no database at {file}: go to the concierge's folder, or set CONCIERGE_DATABASE_URL. "
            "`concierge run` or `concierge migrate` makes a new one."
        )


def check_schema(storage: Storage) -> None:
    """Checks the database's schema. Raises ConciergeError where it is not the one that this program needs."""
    present = _guarded(storage, lambda: schema.present(storage))
    if present == schema.needed():
        return
    if present is None:
        raise ConciergeError(f"The database {place(storage.url)} is empty: run `concierge migrate`.")
    if schema.is_known(present):
        raise ConciergeError(f"The database has the older schema {present}: run `concierge migrate` to bring it up.")
    raise LastingError(f"The database has the schema {present} of a newer concierge: install that version.")


def _guarded(storage: Storage, work: Callable[[], T]) -> T:
    try:
        return work()
    except DBAPIError as error:
        said = f"The database {place(storage.url)} does not answer as it should: {reason_of(error)}."
        raise ConciergeError(said) from None
    except EncodingError as error:
        raise LastingError(str(error)) from None


def reason_of(error: DBAPIError) -> str:
    """Returns the database's own word for an error, in one line."""
    return " ".join(str(error.orig).strip().splitlines()[:1]).rstrip(".") or type(error.orig).__name__
