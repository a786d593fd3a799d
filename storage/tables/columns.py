"""Column types and defaults that every table shares."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC. SQLite hands back naive datetimes: they get their zone again here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuses a naive moment: it would mean another instant on another machine."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Every moment that is read is aware and in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


PortableJson = JSON().with_variant(JSONB(), "postgresql")


def moment(*, index: bool = False) -> Any:
    """A column for a moment that must be there."""
    return Field(sa_type=UtcDateTime, index=index)


def moment_or_none() -> Any:
    """A column for a moment that may not have come yet."""
    return Field(default=None, sa_type=UtcDateTime, nullable=True)


def document() -> Any:
    """A JSON column. Replace its value to change it; a change inside it is not seen."""
    return Field(default_factory=dict, sa_type=PortableJson)


def telegram_id(*, unique: bool = False, index: bool = False) -> Any:
    """A Telegram id: users and chats outgrow 32 bits, groups are negative."""
    return Field(sa_type=BigInteger, unique=unique, index=index)


def telegram_id_or_none(*, unique: bool = False) -> Any:
    """A Telegram id that is not known yet."""
    return Field(default=None, sa_type=BigInteger, nullable=True, unique=unique)
