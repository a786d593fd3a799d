"""The roles of people on their estate, and the person whom an account with several speaks for."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from storage.tables.columns import moment, moment_or_none, word_of, word_or_none


class RoleKind(StrEnum):
    """The kinds of roles on an estate."""

    OWNER = "owner"
    FAMILY = "family"
    """Lives in a villa and orders for it, as its owner does."""
    BUTLER = "butler"
    """Works on a team, of whatever kind."""
    LEAD = "lead"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    FRONT_DESK = "front_desk"
    CASHIER = "cashier"


class RoleWay(StrEnum):
    """The way in which a role was given or ended."""

    LINK = "link"
    GROUP = "group"
    """By joining or leaving a staff chat."""
    COMMAND = "command"
    TAP = "tap"
    MIGRATION = "migration"


class Role(SQLModel, table=True):
    """A role of a person, with its end once it has one. Rows stay: they say who might do what when."""

    __tablename__ = "roles"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="people.id", index=True)
    kind: RoleKind = word_of(RoleKind)
    villa_id: int | None = Field(default=None, foreign_key="villas.id")
    team: str | None = None
    begins_at: datetime | None = moment_or_none()
    """The moment from which it counts; None until the person has joined."""
    ends_at: datetime | None = moment_or_none()
    given_by: int | None = Field(default=None, foreign_key="people.id")
    given_how: RoleWay | None = word_or_none(RoleWay)
    ended_by: int | None = Field(default=None, foreign_key="people.id")
    ended_how: RoleWay | None = word_or_none(RoleWay)


class AccountChoice(SQLModel, table=True):
    """The person whom an account speaks for in private, where it has several."""

    __tablename__ = "account_choices"

    telegram_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    person_id: int = Field(foreign_key="people.id")


class EndedAccount(SQLModel, table=True):
    """An account that was somebody's, until another one took its place or a superior ended it."""

    __tablename__ = "ended_accounts"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="people.id", index=True)
    telegram_id: int = Field(sa_type=BigInteger, index=True)
    ended_at: datetime = moment()
    ended_by: int | None = Field(default=None, foreign_key="people.id")
    """The superior who ended it; None where it was the operator, or the new account that took its place."""
