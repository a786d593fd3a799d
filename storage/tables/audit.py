"""The audit trail: who changed what, when, from what to what. Nothing in it is ever changed or deleted."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlmodel import Field, Index, SQLModel

from storage.tables.columns import document, moment, word_of


class ActorKind(StrEnum):
    """The kinds of actors."""

    PERSON = "person"
    OPERATOR = "operator"
    """Somebody at the machine, with a command."""
    PROGRAM = "program"


class AuditAction(StrEnum):
    """The recorded changes, each named after what changed and how."""

    PERSON_ADDED = "person.added"
    PERSON_CHANGED = "person.changed"
    PERSON_REMOVED = "person.removed"
    PERSON_MERGED = "person.merged"
    """Took over all that referred to a double."""
    ACCOUNT_ENDED = "account.ended"
    ROLE_GIVEN = "role.given"
    ROLE_ENDED = "role.ended"
    INVITATION_MADE = "invitation.made"
    INVITATION_USED = "invitation.used"
    INVITATION_RENEWED = "invitation.renewed"
    INVITATION_ENDED = "invitation.ended"
    VILLA_ADDED = "villa.added"
    VILLA_CHANGED = "villa.changed"
    ESTATE_ADDED = "estate.added"
    ESTATE_CHANGED = "estate.changed"
    STAFF_CHAT_ADDED = "staff_chat.added"
    STAFF_CHAT_CHANGED = "staff_chat.changed"
    STAFF_CHAT_REMOVED = "staff_chat.removed"
    ROSTER_CHANGED = "roster.changed"
    DUTY_CHANGED = "duty.changed"
    ANNOUNCEMENT_SENT = "announcement.sent"
    ANNOUNCEMENT_SCHEDULED = "announcement.scheduled"
    ANNOUNCEMENT_APPROVED = "announcement.approved"
    ANNOUNCEMENT_CANCELLED = "announcement.cancelled"
    REQUESTS_MOVED = "requests.moved"
    """Of an owner whose villa was corrected."""
    REQUEST_CLOSED = "request.closed"
    """Closed on somebody's behalf."""
    CATALOGUE_CHANGED = "catalogue.changed"
    SETTINGS_CHANGED = "settings.changed"
    BOT_CHANGED = "bot.changed"
    ARCHIVE_RESTORED = "archive.restored"


class AuditSubject(NamedTuple):
    """The thing that was changed: its kind, its number where it has one, and its name at that time."""

    kind: str
    id: int | None
    label: str


class AuditEntry(SQLModel, table=True):
    """One change. The database itself refuses to change or delete it.

    It refers to no other row: what it names may be gone since.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_estate", "estate_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = moment(index=True)
    estate_id: int | None = None
    """The estate; None for the installation as a whole."""
    actor_kind: ActorKind = word_of(ActorKind)
    actor_id: int | None = None
    """The person; None for an operator, and for the program."""
    actor: str
    """The actor's name at that time: the person's, the operator's with their command, or the part of the program."""
    action: AuditAction = word_of(AuditAction)
    subject_kind: str
    subject_id: int | None = None
    subject: str
    """The subject's name at that time."""
    before: dict[str, Any] = document()
    """What was changed, as it was; empty for something new."""
    after: dict[str, Any] = document()
    """What was changed, as it became; empty for something that ended."""
