"""The context of a use case: the unit of work, the moment, the catalogue, and the caller."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlmodel import Session

from concierge_bot.catalogue.model import Catalogue
from concierge_bot.desk.capability import Capabilities
from concierge_bot.i18n import Words, words
from storage.engine.audit_log import ACTING, Acting
from storage.tables.people import Estate, Person, Villa

Row = TypeVar("Row", Estate, Person, Villa)


NO_CAPABILITIES = Capabilities()


@dataclass(frozen=True)
class Desk:
    """An open desk: one unit of work at one moment."""

    session: Session
    now: datetime
    default_catalogue: Catalogue
    """The catalogue of every estate without one of its own; its rules hold for what is of no estate: the cleaning."""
    bulk_rate: float = 20.0
    """The number of messages of an announcement that are sent per second, by which its duration is estimated."""
    capabilities: Capabilities = NO_CAPABILITIES
    """The capabilities of the program; none for reading rows only."""
    cache: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)
    """The rows and results of queries of this unit of work. Code that changes them drops them."""
    operator: str | None = None
    """The operator with their command, where one opened the desk."""

    def __post_init__(self) -> None:
        self.session.info[ACTING] = Acting(self.now, operator=self.operator)

    def estate(self, estate_id: int) -> Estate:
        """Returns the estate with this id. Raises NoResultFound where there is none."""
        return self._row(Estate, estate_id)

    def person(self, person_id: int) -> Person:
        """Returns the person with this id. Raises NoResultFound where there is none."""
        return self._row(Person, person_id)

    def villa(self, villa_id: int) -> Villa:
        """Returns the villa with this id. Raises NoResultFound where there is none."""
        return self._row(Villa, villa_id)

    def catalogue_of(self, estate_id: int) -> Catalogue:
        """Returns the estate's catalogue: its own, or the common one. Raises NoResultFound for an unknown estate."""
        if not self.default_catalogue.catalogues:
            return self.default_catalogue
        found: Catalogue | None = self.cache.get((Catalogue, estate_id))
        if found is None:
            found = self.default_catalogue.of_estate(self.estate(estate_id).names)
            self.cache[Catalogue, estate_id] = found
        return found

    def keep(self, row: Estate | Person | Villa) -> None:
        """Keeps a row in the cache for the rest of the unit of work: the session itself only has weak references."""
        self.cache[type(row), row.id] = row

    def _row(self, table: type[Row], row_id: int) -> Row:
        found: Row | None = self.cache.get((table, row_id))
        if found is None:
            found = self.cache[table, row_id] = self.session.get_one(table, row_id)
        return found

    def zone(self, estate_id: int) -> ZoneInfo:
        """Returns the estate's time zone."""
        found: ZoneInfo | None = self.cache.get((ZoneInfo, estate_id))
        if found is None:
            found = self.cache[ZoneInfo, estate_id] = ZoneInfo(self.estate(estate_id).timezone)
        return found

    def today(self, estate_id: int) -> date:
        """Returns the current date in the estate's time zone."""
        found: date | None = self.cache.get((date, estate_id))
        if found is None:
            found = self.cache[date, estate_id] = self.now.astimezone(self.zone(estate_id)).date()
        return found


@dataclass(frozen=True)
class Sender:
    """The sender of an update, and the chat, as Telegram describes them."""

    telegram_id: int
    chat_id: int
    private: bool = True
    given_name: str = ""
    surname: str = ""
    username: str = ""
    language_code: str | None = None
    message_id: int | None = None
    """The id of the message that was tapped or written."""
    answers_to: int | None = None
    """The id of the bot's message that this one replies to."""
    answered_text: str = ""
    """The text of that message."""
    thread_id: int | None = None
    chat_title: str = ""
    action: str = ""
    """The action by its name in the program: a button's word, a command, a kind of message."""
    update_id: int | None = None
    is_tap: bool = False
    is_person: bool = True
    """Whether the sender is a person: no bot, and nobody who writes in the name of a group or channel."""
    memberships: Mapping[int, bool | None] = field(default_factory=dict)
    """Telegram's answers about memberships, by chat id: True, False, or None where it cannot tell; other chats were not
    asked about."""


@dataclass(frozen=True)
class Caller:
    """The caller of a use case: the sender, and the person on the estate with this account, if any."""

    sender: Sender
    person: Person | None
    words: Words

    def require_person(self) -> Person:
        """Returns the person. Raises LookupError where there is none; a check of rights has excluded that before."""
        if self.person is None:
            raise LookupError("the caller is not known")
        return self.person


class MembershipUnknownError(Exception):
    """Raised where Telegram must be asked whether the sender is in some chats; the unit of work is then run again."""

    def __init__(self, *chat_ids: int, is_known: bool = False) -> None:
        """Takes the chats; `is_known` where the sender is known to work there, and Telegram is asked to confirm it."""
        super().__init__(chat_ids)
        self.chat_ids, self.is_known = chat_ids, is_known


class MembershipHiddenError(Exception):
    """Raised where nobody can tell whether the sender is in some chats: the bot may not see their members."""

    def __init__(self, *chat_ids: int) -> None:
        super().__init__(chat_ids)
        self.chat_ids = chat_ids


def words_of(desk: Desk, person: Person) -> Words:
    """Returns the words in a person's language: the chosen one, else their phone's, else their estate's."""
    return words(person.language or person.phone_language or desk.estate(person.estate_id).language)
