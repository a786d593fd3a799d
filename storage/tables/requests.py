"""Drafts, requests, and their attachments, events, sign-offs and follow-ups."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, literal_column, text
from sqlmodel import Field, Index, SQLModel, col

from storage.tables.columns import document, moment, moment_or_none, state_from, word_of, word_or_none
from storage.tables.rows import row_id
from storage.tables.subjects import REQUEST, Subject


class RequestState(StrEnum):
    """The state of a request."""

    OPEN = "open"
    CLAIMED = "claimed"
    ON_SITE = "on_site"
    DONE = "done"
    CANCELLED = "cancelled"


UNFINISHED = (RequestState.OPEN, RequestState.CLAIMED, RequestState.ON_SITE)
ARE_UNFINISHED = f"state IN ({', '.join(repr(str(state)) for state in UNFINISHED)})"
HELD = (RequestState.CLAIMED, RequestState.ON_SITE)


class Draft(SQLModel, table=True):
    """A draft of an owner's: of a new request, or of a supplement to one that was made.

    Of a person's open drafts, their words go to the one with the latest `in_hand_since`.
    """

    __tablename__ = "drafts"
    __table_args__ = (
        Index(
            "ix_drafts_open",
            "person_id",
            "id",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="people.id", index=True)
    service: str | None = None
    step: int = 0
    answers: dict[str, Any] = document()
    adds_to: int | None = None
    """The request that the owner was asked to supplement; `service` is None then."""
    villa_id: int | None = None
    """The villa that it is for; None for the one in hand."""
    started_at: datetime = moment()
    in_hand_since: datetime | None = moment_or_none()
    """The moment it was begun, filled in or taken up again, the latest of them; None while it is set aside."""
    closed_at: datetime | None = moment_or_none()
    """Set when the draft was sent or given up."""


class Request(SQLModel, table=True):
    """A request of an owner's. Its id is the number that people see: short, unique, never used again."""

    __tablename__ = "requests"
    __table_args__ = (
        Index(
            "ix_requests_unfinished",
            "estate_id",
            "id",
            sqlite_where=text(ARE_UNFINISHED),
            postgresql_where=text(ARE_UNFINISHED),
        ),
        Index("ix_requests_estate_created", "estate_id", "created_at"),
        Index("ix_requests_estate_done", "estate_id", "done_at"),
        Index("ix_requests_holder", "claimed_by", "state"),
        Index("ix_requests_person", "person_id", "id"),
        Index("ix_requests_return_of", "return_of"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    estate_id: int = Field(foreign_key="estates.id")
    villa_id: int = Field(foreign_key="villas.id")
    person_id: int = Field(foreign_key="people.id")
    draft_id: int | None = Field(default=None, foreign_key="drafts.id", unique=True)
    """The draft that it was sent from: unique, so two taps on Send make one request."""
    return_of: int | None = Field(default=None, foreign_key="requests.id")
    service: str
    team: str
    state: RequestState = state_from(RequestState.OPEN)
    answers: dict[str, Any] = document()
    urgent: bool = False
    claim_by: datetime = moment()
    arrive_by: datetime | None = moment_or_none()
    done_by: datetime | None = moment_or_none()
    chains: dict[str, Any] = document()
    """The escalation chain of each promise as of the request's creation: later edits of the catalogue change only later
    requests."""
    created_at: datetime = moment()
    open_since: datetime = moment()
    """The moment since which it waits for somebody; moves when it is released."""
    claimed_by: int | None = Field(default=None, foreign_key="people.id")
    claimed_at: datetime | None = moment_or_none()
    on_site_at: datetime | None = moment_or_none()
    done_at: datetime | None = moment_or_none()
    cancelled_at: datetime | None = moment_or_none()
    closed_at: datetime | None = moment_or_none()
    """The moment at which nothing was owed any more: for a repair, the outcome of its follow-up."""

    @property
    def subject(self) -> Subject:
        """Returns the subject that cards and messages about the request name."""
        return Subject(REQUEST, row_id(self))


def is_unfinished() -> ColumnElement[bool]:
    """Returns the condition that a request is unfinished, with the literals of the partial index.

    With bound values in their place, SQLite could not tell that it may use the index.
    """
    return col(Request.state).in_([literal_column(repr(str(state))) for state in UNFINISHED])


class EventKind(StrEnum):
    """The kind of an event in a request's history."""

    SENT = "sent"
    CLAIMED = "claimed"
    ASSIGNED = "assigned"
    RELEASED = "released"
    ON_SITE = "on_site"
    DONE = "done"
    DONE_TOLD = "done_told"
    UNDONE = "undone"
    CANCELLED = "cancelled"
    CLOSED = "closed"
    REOPENED = "reopened"
    EDITED = "edited"
    SUPPLEMENTED = "supplemented"
    SEEN = "seen"
    SNOOZED = "snoozed"
    REMINDED = "reminded"
    ESCALATED = "escalated"
    NOT_DELIVERED = "not_delivered"
    STALE = "stale"
    STALE_ASKED = "stale_asked"
    STALE_ANSWERED = "stale_answered"
    OWNER_UNREACHABLE = "owner_unreachable"
    OWNER_CAME_BACK = "owner_came_back"
    CALL_TASK = "call_task"
    CALLED = "called"
    CALL_NOTED = "call_noted"
    DRAWN_FOR_CHECK = "drawn_for_check"
    FOLLOW_UP_ASKED = "follow_up_asked"
    FOLLOW_UP_ANSWERED = "follow_up_answered"
    FOLLOW_UP_REOPENED = "follow_up_reopened"
    SIGNED_OFF = "signed_off"
    TAKEN_BACK = "taken_back"
    APPOINTMENT_REMINDED = "appointment_reminded"
    RESCHEDULED = "rescheduled"
    PROPOSED = "proposed"
    PROPOSAL_DECLINED = "proposal_declined"
    ON_MY_WAY = "on_my_way"
    DELAYED = "delayed"
    APOLOGISED = "apologised"
    WORD_KEPT = "word_kept"
    DANGER = "danger"
    HANDED_ON = "handed_on"
    """Made the next owner's of the villa, since who made it has moved out."""


class RequestEvent(SQLModel, table=True):
    """One event in a request's history, which is append-only."""

    __tablename__ = "request_events"

    id: int | None = Field(default=None, primary_key=True)
    request_id: int = Field(foreign_key="requests.id", index=True)
    kind: EventKind = word_of(EventKind)
    actor_id: int | None = Field(default=None, foreign_key="people.id")
    at: datetime = moment()
    data: dict[str, Any] = document()


class AttachmentKind(StrEnum):
    """The kinds of files that owners send, by their names in the Bot API."""

    PHOTO = "photo"
    VIDEO = "video"
    DOCUMENT = "document"
    AUDIO = "audio"
    VOICE = "voice"
    ANIMATION = "animation"
    VIDEO_NOTE = "video_note"


class Attachment(SQLModel, table=True):
    """A photo, voice message or file that came with a draft: its file_id; the content stays with Telegram."""

    __tablename__ = "attachments"

    id: int | None = Field(default=None, primary_key=True)
    draft_id: int = Field(foreign_key="drafts.id", index=True)
    kind: AttachmentKind = word_of(AttachmentKind)
    file_id: str
    caption: str = ""
    message_id: int
    media_group_id: str | None = None


class SignOffOutcome(StrEnum):
    """The outcome of the question whether all is well."""

    GOOD = "good"
    NOT_RIGHT = "not_right"
    UNANSWERED = "unanswered"


class SignOff(SQLModel, table=True):
    """The owner's sign-off. No answer is recorded as no answer, not as a good one."""

    __tablename__ = "sign_offs"

    request_id: int = Field(primary_key=True, foreign_key="requests.id", sa_column_kwargs={"autoincrement": False})
    due_at: datetime = moment()
    outcome: SignOffOutcome | None = word_or_none(SignOffOutcome)
    at: datetime | None = moment_or_none()
    person_id: int | None = Field(default=None, foreign_key="people.id")


class FollowUp(SQLModel, table=True):
    """The follow-up that every finished repair owes: the question whether it is still good, and the answer."""

    __tablename__ = "follow_ups"
    __table_args__ = (Index("ix_follow_ups_owed", "answered_at", "due_at"),)

    id: int | None = Field(default=None, primary_key=True)
    request_id: int = Field(foreign_key="requests.id", unique=True)
    due_at: datetime = moment()
    """The moment of the next attempt."""
    asked_at: datetime | None = moment_or_none()
    good: bool | None = None
    answered_at: datetime | None = moment_or_none()
    answered_by: int | None = Field(default=None, foreign_key="people.id")


class FollowUpWay(StrEnum):
    """A way in which somebody tried to learn whether a repair is still good."""

    BOT = "bot"
    CALL = "call"
    CHECK = "check"
    """A random call on a repair that was followed up already."""


class FollowUpOutcome(StrEnum):
    """The outcome of an attempt."""

    ASKED = "asked"
    GOOD = "good"
    NOT_GOOD = "not_good"
    NOT_REACHED = "not_reached"


class FollowUpAttempt(SQLModel, table=True):
    """One attempt to learn whether a repair is still good."""

    __tablename__ = "follow_up_attempts"

    id: int | None = Field(default=None, primary_key=True)
    follow_up_id: int = Field(foreign_key="follow_ups.id", index=True)
    way: FollowUpWay = word_of(FollowUpWay)
    at: datetime = moment()
    person_id: int | None = Field(default=None, foreign_key="people.id")
    outcome: FollowUpOutcome = word_of(FollowUpOutcome)
