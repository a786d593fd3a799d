"""Estates, villas, people, staff chats and their members, invitations."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel, UniqueConstraint

from storage.names import in_order
from storage.tables.columns import document_or_none, moment, moment_or_none, telegram_id, telegram_id_or_none


class Estate(SQLModel, table=True):
    """One estate, with its time zone, language and currency; villas, people and staff chats refer to it."""

    __tablename__ = "estates"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    timezone: str
    language: str
    currency: str
    phones: dict[str, str] | None = document_or_none()
    """The telephone numbers for its owners, by whom one calls; None for those of the catalogue."""
    in_catalogue: str | None = None
    """The name by which the catalogue knows it, where it was renamed since."""

    @property
    def names(self) -> frozenset[str]:
        """Returns the names by which the catalogue may speak of it."""
        return frozenset(name for name in (self.name, self.in_catalogue) if name is not None)


class Villa(SQLModel, table=True):
    """A house of the estate, by the name or number on its gate."""

    __tablename__ = "villas"
    __table_args__ = (UniqueConstraint("estate_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    estate_id: int = Field(foreign_key="estates.id")
    name: str


HAS_NOT_LEFT = text("left_at IS NULL")


class Person(SQLModel, table=True):
    """A person of one estate: an owner (has a villa), a supervisor, a member of the staff.

    An account has one person at most on an estate, and may have one on each of several. Permissions follow from
    `villa_id`, `supervises` and `manages`, which are written from the roles in force (`roles.py`) and nowhere else.
    """

    __tablename__ = "people"
    __table_args__ = (
        Index(
            "ix_people_account",
            "telegram_id",
            "estate_id",
            unique=True,
            sqlite_where=HAS_NOT_LEFT,
            postgresql_where=HAS_NOT_LEFT,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    estate_id: int = Field(foreign_key="estates.id", index=True)
    telegram_id: int | None = telegram_id_or_none(index=True)
    villa_id: int | None = Field(default=None, foreign_key="villas.id")
    """The villa in hand: of an owner of several, the one for which they order."""
    further_villas: int | None = None
    """The number of villas that they have beside it; None for none."""
    supervises: bool = False
    manages: bool = False
    """Whether the person is the property manager, the supervisors' superior."""
    surname: str = ""
    given_name: str = ""
    patronymic: str | None = None
    """The name after the father's, where a language has one: Петрович."""
    name_order: str | None = None
    """A word of `NameOrder`, where the script of the name does not tell the order."""
    latin: str | None = None
    """The surname in Latin letters, as the person or the operator has confirmed it; a reading that nobody confirmed is
    kept nowhere."""
    username: str | None = None
    """The username of their account, without the @: it tells members of the staff apart who bear one name."""
    form: str | None = None
    """A word of `Form`; None where nobody has said it."""
    rank: str | None = None
    """A word of `Rank`; None for none."""
    display_name: str | None = None
    """The name of one of the staff as owners read it; None where no supervisor has set it."""
    display_role: str | None = None
    """What owners read that one of the staff is to them."""
    language: str | None = None
    """The language that they chose, or that was chosen for them."""
    phone_language: str | None = None
    """The language of ours in which their app was when they last wrote or tapped; it holds until one is chosen."""
    birth_month: int | None = None
    birth_day: int | None = None
    birthday_greeted: int | None = None
    """The year of the last birthday greeting: it keeps greetings to one a year across restarts."""
    birthday_announced: int | None = None
    """The year for which the staff were told of the birthday."""
    nationality: str | None = None
    joined_at: datetime | None = moment_or_none()
    opened_at: datetime | None = moment_or_none()
    """The moment of the first private message to the bot; before it the bot cannot write to them."""
    blocked_at: datetime | None = moment_or_none()
    left_at: datetime | None = moment_or_none()

    @property
    def name(self) -> str:
        """Returns the name in full, in the order of its language."""
        named = (self.surname, self.given_name, self.patronymic or "")
        return in_order(*named, order=self.name_order, country=self.nationality)

    @property
    def reachable(self) -> bool:
        """Returns whether the bot may write to this person in private."""
        return bool(self.telegram_id and self.opened_at and not self.blocked_at and not self.left_at)


class StaffChat(SQLModel, table=True):
    """The chat (or forum topic) in which one team of one estate works."""

    __tablename__ = "staff_chats"
    __table_args__ = (UniqueConstraint("estate_id", "team"),)

    id: int | None = Field(default=None, primary_key=True)
    estate_id: int = Field(foreign_key="estates.id")
    team: str
    chat_id: int = telegram_id(index=True)
    thread_id: int | None = None
    title: str = ""
    language: str


class Membership(SQLModel, table=True):
    """The membership of a person in a staff chat. It ends with `left_at`; the person is not staff there any more."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("chat_id", "person_id"),)

    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = telegram_id(index=True)
    person_id: int = Field(foreign_key="people.id", index=True)
    since: datetime = moment()
    left_at: datetime | None = moment_or_none()
    leads: bool = False
    """Whether the member leads the team."""
    confirmed_at: datetime | None = moment_or_none()
    """The moment at which Telegram last said that they are in the chat; None where it has to be asked."""
    asked_at: datetime | None = moment_or_none()
    """The moment of the last question, answered or not."""


class DutyOverride(SQLModel, table=True):
    """A person's last /on or /off; it outweighs the roster until the next shift begins."""

    __tablename__ = "duty_words"

    person_id: int = Field(primary_key=True, foreign_key="people.id", sa_column_kwargs={"autoincrement": False})
    is_on: bool
    said_at: datetime = moment()


class Shift(SQLModel, table=True):
    """A line of a team's weekly roster, in the estate's local time.

    A shift that ends earlier than it begins runs into the next day.
    """

    __tablename__ = "shifts"

    id: int | None = Field(default=None, primary_key=True)
    estate_id: int = Field(foreign_key="estates.id", index=True)
    team: str
    person_id: int = Field(foreign_key="people.id")
    weekday: int
    """The day of the week: 0 for Monday."""
    starts: time
    ends: time


class Invite(SQLModel, table=True):
    """A link that binds one Telegram account to one person, once. Only the code's hash is kept."""

    __tablename__ = "invites"

    id: int | None = Field(default=None, primary_key=True)
    code_hash: str = Field(unique=True)
    person_id: int = Field(foreign_key="people.id")
    made_at: datetime | None = moment_or_none()
    """The moment at which it was made; None for those of older versions."""
    made_by: int | None = Field(default=None, foreign_key="people.id")
    """The superior who made it; None where it was the operator."""
    expires_at: datetime = moment()
    used_at: datetime | None = moment_or_none()
    revoked_at: datetime | None = moment_or_none()
    """The moment at which somebody revoked it, or a newer link or a joining took its place; it expired then as well."""


class InviteAttempts(SQLModel, table=True):
    """The failed attempts of an account at codes of invitations: they slow down guessing."""

    __tablename__ = "invite_attempts"

    telegram_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    failures: int = 0
    wait_until: datetime | None = moment_or_none()
