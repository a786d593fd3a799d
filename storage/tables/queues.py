"""What is on its way: updates received, messages to deliver and the cards they belong to, timers to come."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import BigInteger, text
from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from storage.tables.columns import document, moment, moment_or_none, state_from, telegram_id
from storage.tables.subjects import Subject


class Urgency(IntEnum):
    """What overtakes what, in delivery and among timers; the lower goes first."""

    ALARM = 0
    ESCALATION = 10
    TASK = 20
    OWNER = 30
    ROUTINE = 50
    BULK = 90


class InboxState(StrEnum):
    """What became of an update."""

    WAITING = "waiting"
    DONE = "done"
    PASSED = "passed"
    """Of a kind that the concierge does not use, or that cannot be read."""
    FAILED = "failed"
    """Set aside after its retries: `concierge doctor` shows it."""


class InboxUpdate(SQLModel, table=True):
    """An update of Telegram's, kept before Telegram is told that it was received."""

    __tablename__ = "inbox"
    __table_args__ = (
        Index(
            "ix_inbox_waiting",
            "update_id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_inbox_state", "state"),
    )

    update_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    chat_id: int = telegram_id()
    """The chat whose order it keeps."""
    kind: str
    payload: dict[str, Any] | None = document()
    """The update as it came; emptied once it is done."""
    state: InboxState = state_from(InboxState.WAITING)
    received_at: datetime = moment()
    attempts: int = 0
    error: str | None = None
    """Kind and place of the failure, without words of people."""


class OutboxState(StrEnum):
    """What became of a message."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"
    """Cannot be delivered: a person was told, and `concierge doctor` shows it."""
    STOPPED = "stopped"
    """Not wanted any more before its turn came: its announcement was stopped, its card moved, it was out of date."""


class Card(SQLModel, table=True):
    """The one live message about a subject for one reader; it is edited, not repeated."""

    __tablename__ = "cards"
    __table_args__ = (UniqueConstraint("subject_kind", "subject_id", "reader"), Index("ix_cards_chat", "chat_id"))

    id: int | None = Field(default=None, primary_key=True)
    subject_kind: str
    subject_id: int
    reader: str
    """`owner`, `team`, or `supervisor:<person id>`."""
    chat_id: int = telegram_id()
    thread_id: int | None = None
    message_id: int | None = Field(default=None, sa_type=BigInteger)
    snoozed_until: datetime | None = moment_or_none()
    """Until when its reader does not want to be rung."""

    @property
    def subject(self) -> Subject:
        """What it is about."""
        return Subject(self.subject_kind, self.subject_id)


class OutboxMessage(SQLModel, table=True):
    """A call of the Bot API that must be made: a method, its parameters, and how urgent it is."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_waiting",
            "urgency",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_outbox_one_waiting_per_card",
            "card_id",
            unique=True,
            sqlite_where=text("state = 'waiting' AND card_id IS NOT NULL"),
            postgresql_where=text("state = 'waiting' AND card_id IS NOT NULL"),
        ),
        Index(
            "ix_outbox_postponed",
            "not_before",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_outbox_announcement_id",
            "announcement_id",
            sqlite_where=text("announcement_id IS NOT NULL"),
            postgresql_where=text("announcement_id IS NOT NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = telegram_id(index=True)
    method: str
    params: dict[str, Any] = document()
    urgency: int = Urgency.ROUTINE
    subject_kind: str = ""
    subject_id: int | None = None
    """What it is about; nothing where that is nothing of the books."""
    card_id: int | None = Field(default=None, foreign_key="cards.id")
    """The card that this message brings up to date."""
    beneath_card: int | None = Field(default=None, foreign_key="cards.id")
    """The card that this message answers to; it waits until that card was sent."""
    announcement_id: int | None = Field(default=None, foreign_key="announcements.id")
    """The announcement that it is part of."""
    reader: str = ""
    """For whom it is, as on a card: decides what happens when it cannot be delivered."""
    version: int = 0
    """Counts merges: a message that changed while it was on its way is sent again as an edit."""
    state: OutboxState = state_from(OutboxState.WAITING)
    created_at: datetime = moment()
    not_before: datetime = moment()
    sounds_until: datetime | None = moment_or_none()
    """Until when it may sound on its reader's phone; without a moment, whenever it is sent."""
    attempts: int = 0
    sent_at: datetime | None = moment_or_none()
    message_id: int | None = Field(default=None, sa_type=BigInteger)
    error: str | None = None

    @property
    def subject(self) -> Subject | None:
        """What it is about."""
        return None if self.subject_id is None else Subject(self.subject_kind, self.subject_id)


class TimerState(StrEnum):
    """What became of a timer."""

    WAITING = "waiting"
    FIRED = "fired"
    FAILED = "failed"


class Timer(SQLModel, table=True):
    """Something to look at when its time has come. It looks at the state first, then acts or does nothing."""

    __tablename__ = "timers"
    __table_args__ = (
        Index(
            "ix_timers_waiting",
            "due_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_timers_by_urgency",
            "urgency",
            "due_at",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_timers_subject", "kind", "subject_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    kind: str
    subject_id: int = Field(sa_type=BigInteger)
    due_at: datetime = moment()
    urgency: int = Urgency.ROUTINE
    data: dict[str, Any] = document()
    state: TimerState = state_from(TimerState.WAITING)
    fired_at: datetime | None = moment_or_none()
    attempts: int = 0
    error: str | None = None


class Heartbeat(SQLModel, table=True):
    """When a part of the concierge last showed that it works: for the watchdog."""

    __tablename__ = "heartbeats"

    part: str = Field(primary_key=True)
    at: datetime = moment()
