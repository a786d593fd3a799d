"""The queues: updates received, calls to make to Telegram and the cards they belong to, timers to come."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import BigInteger, text
from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from storage.tables.columns import document, moment, moment_or_none, state_from, telegram_id
from storage.tables.subjects import Subject


class Urgency(IntEnum):
    """The priority of messages in delivery, and of timers; the lower value goes first."""

    ALARM = 0
    ESCALATION = 10
    TASK = 20
    OWNER = 30
    FILES = 40
    """Files of owners: none keeps a card waiting."""
    ROUTINE = 50
    BULK = 90
    BOT = 95
    """What Telegram shows of the bot itself, in each language: nobody's message waits for it."""


class InboxState(StrEnum):
    """The state of an update in the inbox."""

    WAITING = "waiting"
    DONE = "done"
    PASSED = "passed"
    """Of a kind that the concierge does not use, or unreadable."""
    FAILED = "failed"
    """Set aside after its retries: `concierge doctor` shows it."""


class InboxUpdate(SQLModel, table=True):
    """An update of Telegram's, committed before it is confirmed to Telegram."""

    __tablename__ = "inbox"
    __table_args__ = (
        Index(
            "ix_inbox_waiting",
            "chat_id",
            "update_id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_inbox_failed",
            "received_at",
            sqlite_where=text("state = 'failed'"),
            postgresql_where=text("state = 'failed'"),
        ),
    )

    update_id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    chat_id: int = telegram_id()
    """The chat in whose order it is handled."""
    kind: str
    payload: dict[str, Any] | None = document()
    """The update as it came; emptied once it is done."""
    state: InboxState = state_from(InboxState.WAITING)
    received_at: datetime = moment()
    attempts: int = 0
    error: str | None = None
    """The kind and place of the failure, without any person's words."""


class OutboxState(StrEnum):
    """The state of a message in the outbox."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"
    """Undeliverable: a person was told, and `concierge doctor` shows it."""
    STOPPED = "stopped"
    """Cancelled before its turn: its announcement was stopped, its card moved, or it was out of date."""


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
    """The end of its reader's snooze; None for no snooze."""

    @property
    def subject(self) -> Subject:
        """Returns the subject of the card."""
        return Subject(self.subject_kind, self.subject_id)


class OutboxMessage(SQLModel, table=True):
    """A call of the Bot API to be made: a method, its parameters, and its urgency."""

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
    """The number of its subject; None for a message about no row of the books."""
    card_id: int | None = Field(default=None, foreign_key="cards.id")
    """The card that this message brings up to date."""
    beneath_card: int | None = Field(default=None, foreign_key="cards.id")
    """The card that this message replies to; the message waits until the card was sent."""
    announcement_id: int | None = Field(default=None, foreign_key="announcements.id")
    """The announcement that it is part of."""
    reader: str = ""
    """The reader, as on a card: decides what happens when it cannot be delivered."""
    version: int = 0
    """Counts merges: a message that changed while it was on its way is sent again as an edit."""
    state: OutboxState = state_from(OutboxState.WAITING)
    created_at: datetime = moment()
    not_before: datetime = moment()
    sounds_until: datetime | None = moment_or_none()
    """The moment until which it may sound on its reader's phone; None for no end."""
    attempts: int = 0
    sent_at: datetime | None = moment_or_none()
    message_id: int | None = Field(default=None, sa_type=BigInteger)
    error: str | None = None

    @property
    def subject(self) -> Subject | None:
        """Returns the subject of the message; None where it has none."""
        return None if self.subject_id is None else Subject(self.subject_kind, self.subject_id)


class TimerState(StrEnum):
    """The state of a timer."""

    WAITING = "waiting"
    FIRED = "fired"
    FAILED = "failed"


class Timer(SQLModel, table=True):
    """A subject to be looked at when due. Its handler reads the current state first, then acts or does nothing."""

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
    """The last sign of life of a part of the concierge, for the watchdog."""

    __tablename__ = "heartbeats"

    part: str = Field(primary_key=True)
    at: datetime = moment()
