"""Refused attempts: kept, so that a pattern can be seen."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from storage.tables.columns import moment, telegram_id


class Refusal(SQLModel, table=True):
    """One refused attempt; without anybody's words."""

    __tablename__ = "refusals"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = moment(index=True)
    chat_id: int = telegram_id()
    telegram_id: int = Field(sa_type=BigInteger, index=True)
    action: str
    """The attempted action, by its name in the program."""
    update_id: int | None = Field(default=None, sa_type=BigInteger)
    request_id: int | None = None
    """The request's number as given by the sender; there may be no such request."""
