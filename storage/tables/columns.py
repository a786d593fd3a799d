"""Column types and defaults that every table shares."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NoReturn

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC. SQLite returns naive datetimes; this type adds the zone again."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Converts a moment to UTC for the database.

        Raises ValueError for a naive one: it would mean another instant on another machine.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Returns a moment that was read as aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class _Known(dict[Any, Any]):
    """The words of a column, each with what it becomes on its way in or out."""

    def __missing__(self, word: object) -> NoReturn:
        raise LookupError(f"{word!r} is none of {', '.join(filter(None, self))}")


class WordOf(TypeDecorator[StrEnum]):
    """One of the words of an enumeration: plain text in the database, its member in the program.

    It costs a look into a dictionary either way. Another word is refused: nobody wrote what to do about it.
    """

    impl = String
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        """Takes the enumeration whose words these are."""
        super().__init__()
        self.words = words
        self._to_text = _Known({None: None} | {word.value: word.value for word in words})
        self._to_word = _Known({None: None} | {word.value: word for word in words})

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:  # noqa: ARG002 - the same on both engines
        """Returns what makes plain text of a word."""
        return self._to_text.__getitem__

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:  # noqa: ARG002
        """Returns what makes a word of plain text."""
        return self._to_word.__getitem__


PortableJson = JSON().with_variant(JSONB(), "postgresql")
PortableJsonOrNull = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def moment(*, index: bool = False) -> Any:
    """Returns a column for a moment that is always set."""
    return Field(sa_type=UtcDateTime, index=index)


def moment_or_none() -> Any:
    """Returns a column for a moment that is None until it has come."""
    return Field(default=None, sa_type=UtcDateTime, nullable=True)


def document() -> Any:
    """Returns a JSON column. Replace its value to change it; a change inside the value is not saved."""
    return Field(default_factory=dict, sa_type=PortableJson)


def document_or_none() -> Any:
    """Returns a JSON column that is NULL while there is no value. Replace its value to change it."""
    return Field(default=None, sa_type=PortableJsonOrNull, nullable=True)


def word_of(words: type[StrEnum]) -> Any:
    """Returns a column for a member of an enumeration."""
    return Field(sa_type=WordOf(words))


def word_or_none(words: type[StrEnum]) -> Any:
    """Returns a column for a member of an enumeration, None until there is one."""
    return Field(default=None, sa_type=WordOf(words), nullable=True)


def state_from(first: StrEnum) -> Any:
    """Returns a column for a state, whose default is the one in which a row begins."""
    return Field(default=first, sa_type=WordOf(type(first)))


def telegram_id(*, unique: bool = False, index: bool = False) -> Any:
    """Returns a column of 64 bits for a Telegram id: users and chats outgrow 32 bits, groups are negative."""
    return Field(sa_type=BigInteger, unique=unique, index=index)


def telegram_id_or_none(*, index: bool = False) -> Any:
    """Returns a column of 64 bits for a Telegram id that is None while it is not known."""
    return Field(default=None, sa_type=BigInteger, nullable=True, index=index)
