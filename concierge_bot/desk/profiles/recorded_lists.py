"""The audit trail of a list of invited owners, which is written past the session's objects."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from concierge_bot.desk.audit import recorder
from concierge_bot.desk.context import Desk
from concierge_bot.desk.people import invites
from storage.engine.audit_log import Change
from storage.tables.audit import AuditAction, AuditSubject
from storage.tables.people import Estate, Person
from storage.tables.roles import RoleKind
from storage.tables.rows import row_id

if TYPE_CHECKING:
    from concierge_bot.desk.profiles.newcomers import Entry, Owner


def record(
    desk: Desk, estate: Estate, entries: Sequence[Entry], people: Sequence[int], invited: Collection[int]
) -> None:
    """Records the owners of a list, given with their ids: who was added or told anew, and who was invited."""
    expires_at = invites.valid_until(desk, row_id(estate))
    changes: list[Change] = []
    for entry, number in zip(entries, people, strict=True):
        owner = entry.told or entry.owner
        subject = AuditSubject("person", number, _named(owner))
        changes += _of_facts(estate, entry, subject)
        if number in invited:
            made = {"expires_at": expires_at}
            changes.append(Change(AuditAction.INVITATION_MADE, subject, estate.id, {}, made))
    recorder.record_all(desk, changes)


def _of_facts(estate: Estate, entry: Entry, subject: AuditSubject) -> Iterator[Change]:
    if entry.person_id is None:
        home = {"role": RoleKind.OWNER, "villa": entry.owner.villa}
        told = {name: value for name, value in entry.owner.facts.items() if value}
        yield Change(AuditAction.PERSON_ADDED, subject, estate.id, {}, told)
        yield Change(AuditAction.ROLE_GIVEN, subject, estate.id, {}, home)
    elif entry.told is not None and entry.before is not None:
        before = entry.before.facts
        after = {name: value for name, value in entry.told.facts.items() if value != before[name]}
        yield Change(AuditAction.PERSON_CHANGED, subject, estate.id, {name: before[name] for name in after}, after)


def _named(owner: Owner) -> str:
    return Person(estate_id=0, **owner.facts).name
