"""Facts about the installation itself: one row each, under a key."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.tables.columns import moment


class InstallationFact(SQLModel, table=True):
    """A fact about this installation, such as the bot that its database belongs to."""

    __tablename__ = "installation_facts"

    key: str = Field(primary_key=True)
    value: str
    at: datetime = moment()
    """The moment at which it became so."""
