"""What a use case works with: the unit of work, the moment, the catalogue, and who is calling."""

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
from storage.tables.people import Estate, Person, Villa

Row = TypeVar("Row", Estate, Person, Villa)


NO_CAPABILITIES = Capabilities()


@dataclass(frozen=True)
class Desk:
    """An open desk: one unit of work at one moment."""

    session: Session
    now: datetime
    catalogue: Catalogue
    bulk_rate: float = 20.0
    """How many messages of an announcement go out in a second: to tell how long it will take."""
    capabilities: Capabilities = NO_CAPABILITIES
    """What the program can do; none, where only rows are looked at."""

    def estate(self, estate_id: int) -> Estate:
        """The estate with this id, which must exist."""
        return self._row(Estate, estate_id)

    def person(self, person_id: int) -> Person:
        """The person with this id, who must exist."""
        return self._row(Person, person_id)

    def villa(self, villa_id: int) -> Villa:
        """The villa with this id, which must exist."""
        return self._row(Villa, villa_id)

    @property
    def cache(self) -> dict[Any, Any]:
        """What was read in this unit of work, and would be read again; whoever changes it has it forgotten."""
        found: dict[Any, Any] = self.session.info.setdefault("known", {})
        return found

    def keep(self, row: Estate | Person | Villa) -> None:
        """Holds a row as long as the unit of work: the session forgets what nobody holds, and would read it again."""
        self.cache[type(row), row.id] = row

    def _row(self, table: type[Row], row_id: int) -> Row:
        found: Row | None = self.cache.get((table, row_id))
        if found is None:
            found = self.cache[table, row_id] = self.session.get_one(table, row_id)
        return found

    def zone(self, estate_id: int) -> ZoneInfo:
        """The time zone on the estate's wall."""
        return ZoneInfo(self.estate(estate_id).timezone)

    def today(self, estate_id: int) -> date:
        """The date on the estate's wall."""
        return self.now.astimezone(self.zone(estate_id)).date()


@dataclass(frozen=True)
class Sender:
    """What Telegram says about who acts, and where."""

    telegram_id: int
    chat_id: int
    private: bool = True
    given_name: str = ""
    surname: str = ""
    username: str = ""
    language_code: str | None = None
    message_id: int | None = None
    """The message that was tapped or written."""
    answers_to: int | None = None
    """The bot's message that is answered."""
    answered_text: str = ""
    """What that message says."""
    thread_id: int | None = None
    chat_title: str = ""
    action: str = ""
    """What they do, as the program calls it: a button's word, a command, a kind of message."""
    update_id: int | None = None
    is_tap: bool = False
    is_person: bool = True
    """Not a bot, and nobody who writes in the name of a group or channel."""
    memberships: Mapping[int, bool | None] = field(default_factory=dict)
    """Of which chats Telegram says that they are in, or not, or (None) that it cannot tell; the others were not asked
    about."""


@dataclass(frozen=True)
class Caller:
    """Who acts: the sender, and the person that the estate knows them as, if any."""

    sender: Sender
    person: Person | None
    words: Words

    def require_person(self) -> Person:
        """Returns the person. Raises LookupError where nobody is known, which a right has made sure of before."""
        if self.person is None:
            raise LookupError("the caller is not known")
        return self.person


class MembershipUnknownError(Exception):
    """Whether the sender is in some chats must be asked of Telegram; the unit of work is then done again."""

    def __init__(self, *chat_ids: int) -> None:
        super().__init__(chat_ids)
        self.chat_ids = chat_ids


class MembershipHiddenError(Exception):
    """Whether the sender is in some chats nobody can tell: the bot may not see who their members are."""

    def __init__(self, *chat_ids: int) -> None:
        super().__init__(chat_ids)
        self.chat_ids = chat_ids


def words_of(desk: Desk, person: Person) -> Words:
    """The words that a person reads: their own language, or their estate's."""
    return words(person.language or desk.estate(person.estate_id).language)
