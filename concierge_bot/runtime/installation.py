"""The foundation of every command: settings, catalogue, and a database whose schema fits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from concierge_bot import settings as all_settings
from concierge_bot.catalogue import model as catalogues
from concierge_bot.catalogue.model import Catalogue
from concierge_bot.clocks import Clock, FileClock
from concierge_bot.desk.capabilities import CAPABILITIES
from concierge_bot.desk.context import Desk
from concierge_bot.desk.operations import estates
from concierge_bot.settings import Settings
from storage import schema
from storage.engine.unit import Storage

T = TypeVar("T")


class ConciergeError(Exception):
    """Raised where the concierge cannot work with the installation as found; the message says what to do."""


@dataclass(frozen=True)
class Installation:
    """The settings, catalogue, database and clock of an installation, opened."""

    settings: Settings
    catalogue: Catalogue
    storage: Storage
    clock: Clock

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """Opens the desk for one unit of work of a command, in the calling thread."""
        with self.storage.unit() as session:
            yield Desk(session, self.clock.now(), self.catalogue, capabilities=CAPABILITIES)


def clock_of(settings: Settings) -> Clock:
    """Returns the machine's clock, or the clock that a playground turns."""
    return FileClock(settings.clock_file) if settings.clock_file else Clock()


def open_installation(settings: Settings | None = None, *, create: bool = True) -> Installation:
    """Opens an installation; creates the schema in an empty database.

    Raises ConciergeError, SettingsError or CatalogueError.
    """
    settings = settings or all_settings.load()
    catalogue = catalogues.load(settings.catalogue)
    storage = open_storage(settings)
    installation = Installation(settings, catalogue, storage, clock_of(settings))
    try:
        if create and _guarded(lambda: schema.present(storage)) is None:
            _guarded(lambda: schema.upgrade(storage))
        check_schema(storage)
        _guarded(lambda: _ensure_first_estate(installation))
    except BaseException:
        storage.close()
        raise
    return installation


def _ensure_first_estate(installation: Installation) -> None:
    with installation.desk() as desk:
        estates.ensure_first(desk)


def open_storage(settings: Settings) -> Storage:
    """Opens the database of the settings. Raises ConciergeError where its URL is of no use."""
    try:
        return Storage(settings.database_url)
    except (ArgumentError, NoSuchModuleError, OSError) as error:
        raise ConciergeError(f"The database of CONCIERGE_DATABASE_URL cannot be opened: {error}.") from None


def check_schema(storage: Storage) -> None:
    """Checks the database's schema. Raises ConciergeError where it is not the one that this program needs."""
    present = _guarded(lambda: schema.present(storage))
    if present == schema.needed():
        return
    if present is None:
        raise ConciergeError("The database is empty: run `concierge migrate`.")
    if schema.is_known(present):
        raise ConciergeError(f"The database has the older schema {present}: run `concierge migrate` to bring it up.")
    raise ConciergeError(f"The database has the schema {present} of a newer concierge: install that version.")


def _guarded(work: Callable[[], T]) -> T:
    try:
        return work()
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise ConciergeError(f"The database of CONCIERGE_DATABASE_URL does not answer: {reason}.") from None
