"""Writing of audit entries, each in the transaction of the change that it tells of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Connection, insert
from sqlmodel import Session

from storage.tables.audit import ActorKind, AuditAction, AuditEntry, AuditSubject
from storage.tables.people import Person

ACTING = "acting"
"""What a session is told of who acts, and when."""


@dataclass(slots=True)
class Acting:
    """The moment of a unit of work, and its actor: the person, else the operator, else the program."""

    at: datetime
    person: Person | None = None
    operator: str | None = None
    part: str = "concierge"
    """The part of the program, such as the timer that fires."""

    def facts(self) -> dict[str, Any]:
        """Returns the columns of an entry that say who acted, and when."""
        if self.person is not None:
            return self._by(ActorKind.PERSON, self.person.id, self.person.name)
        if self.operator is not None:
            return self._by(ActorKind.OPERATOR, None, self.operator)
        return self._by(ActorKind.PROGRAM, None, self.part)

    def _by(self, kind: ActorKind, number: int | None, name: str) -> dict[str, Any]:
        return {"at": self.at, "actor_kind": kind, "actor_id": number, "actor": name}


@dataclass(frozen=True, slots=True)
class Change:
    """A change to be recorded: the action, its subject, and what the subject was and became."""

    action: AuditAction
    subject: AuditSubject
    estate_id: int | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    def facts(self) -> dict[str, Any]:
        """Returns the columns of an entry that say what was changed."""
        return {
            "estate_id": self.estate_id,
            "action": self.action,
            "subject_kind": self.subject.kind,
            "subject_id": self.subject.id,
            "subject": self.subject.label,
            "before": plain(self.before),
            "after": plain(self.after),
        }


def acting(session: Session) -> Acting | None:
    """Returns who acts in a session; None for one that nobody opened a desk over."""
    found: Acting | None = session.info.get(ACTING)
    return found


def write_changes(session: Session, changes: Sequence[Change]) -> None:
    """Writes entries for changes of the session's transaction. Raises LookupError where nobody is known to act."""
    who = acting(session)
    if who is None:
        raise LookupError("a change is recorded in a unit of work that says who acts")
    if changes:
        by = who.facts()
        session.connection().execute(insert(AuditEntry), [by | change.facts() for change in changes])


def write_change(connection: Connection, who: Acting, change: Change) -> None:
    """Writes an entry for a change past any session, in the connection's transaction."""
    connection.execute(insert(AuditEntry), [who.facts() | change.facts()])


def plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Returns facts as JSON keeps them."""
    return {name: _plain(value) for name, value in facts.items()}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date | time) else value
