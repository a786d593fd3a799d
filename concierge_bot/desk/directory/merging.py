"""Merging doubles: one person takes over whatever refers to the other, and nothing is lost.

The row of the other stays, as one who has left: histories name people by their numbers in documents, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Column, func, update
from sqlmodel import col, delete, select

from concierge_bot.desk.audit import recorder
from concierge_bot.desk.cards import cards
from concierge_bot.desk.cards.readers import staff_reader, supervisor_reader
from concierge_bot.desk.context import Desk
from concierge_bot.desk.departures import taking_back
from concierge_bot.desk.people import invites
from concierge_bot.desk.profiles import used_links
from concierge_bot.desk.requests import repository
from concierge_bot.desk.roles import register, role_changes
from storage.engine.audited_rows import person_subject
from storage.tables.audit import AuditAction
from storage.tables.people import DutyOverride, Membership, Person
from storage.tables.queues import Card, OutboxMessage, OutboxState
from storage.tables.registry import METADATA
from storage.tables.roles import RoleWay

FACTS = (*invites.FACTS, "language", "username")
APPEND_ONLY = frozenset({"audit_entries"})
"""Tables whose rows say what was known at their moment, and never change."""


class MergeError(Exception):
    """Raised where two people cannot be merged; the message says why."""


@dataclass(frozen=True)
class Moved:
    """The rows that one column of one table gives to the person who stays."""

    table: str
    column: str
    rows: int


def plan(desk: Desk, keep: Person, double: Person) -> list[Moved]:
    """Returns what a merge would move, by table. Raises MergeError where it is not possible."""
    _check(keep, double)
    counted = []
    for column in references():
        rows = desk.session.exec(select(func.count()).select_from(column.table).where(column == double.id)).one()
        counted.append(Moved(column.table.name, column.name, rows))
    return [one for one in counted if one.rows]


def merge(desk: Desk, keep: Person, double: Person) -> list[Moved]:
    """Gives all that refers to a double to the person who stays; the double has left then.

    The account of the double becomes theirs where they have none; else it ends, and its cards and waiting messages come
    to theirs. Returns what was moved. Raises MergeError.
    """
    moved = plan(desk, keep, double)
    account = double.telegram_id
    before, after = {"double": double.id, "name": double.name}, {"rows": sum(one.rows for one in moved)}
    subject = person_subject(keep)
    recorder.record(desk, AuditAction.PERSON_MERGED, subject, estate_id=keep.estate_id, before=before, after=after)
    _fill_in(keep, double)
    _take_account(desk, keep, double)
    register.pass_on(desk, double, keep, how=RoleWay.COMMAND)
    for column in references():
        CLASHES.get(column.table.name, _nothing_clashes)(desk, keep, double)
        desk.session.connection().execute(
            column.table.update().where(column == double.id).values({column.name: keep.id})
        )
    desk.session.expire_all()
    desk.cache.clear()
    keep, double = desk.session.get_one(Person, keep.id), desk.session.get_one(Person, double.id)
    _take_readers(desk, keep, double)
    register.project(desk, keep)
    register.project(desk, double)
    if account is not None and keep.telegram_id not in (None, account):
        used_links.follow(desk, keep, double, account)
    taking_back.cards_of(desk, double)
    for person in (keep, double):
        role_changes.note(desk, person)
    for request in (*repository.unfinished_of(desk, keep), *repository.held_by(desk, keep)):
        cards.refresh(desk, request)
    return moved


def references() -> Iterator[Column[int]]:
    """Yields each column of the schema that refers to a person, but for those of tables that never change."""
    for table in METADATA.sorted_tables:
        if table.name not in APPEND_ONLY:
            yield from (
                column
                for column in table.columns
                if any(key.column.table.name == Person.__tablename__ for key in column.foreign_keys)
            )


def _check(keep: Person, double: Person) -> None:
    if keep.id == double.id:
        raise MergeError("These are the same number.")
    if keep.estate_id != double.estate_id:
        raise MergeError("They belong to two estates: an account may have a person on each.")
    if keep.left_at is not None:
        raise MergeError(f"{keep.name} ({keep.id}) has left: name somebody who is there as the one who stays.")


def _fill_in(keep: Person, double: Person) -> None:
    """Fills in what is not known of the one who stays; nobody is congratulated twice in a year."""
    for fact in FACTS:
        setattr(keep, fact, getattr(keep, fact) or getattr(double, fact))
    for year in ("birthday_greeted", "birthday_announced"):
        known = [found for person in (keep, double) if (found := getattr(person, year)) is not None]
        setattr(keep, year, max(known, default=None))


def _take_account(desk: Desk, keep: Person, double: Person) -> None:
    account, double.telegram_id = double.telegram_id, None
    desk.session.flush()  # one account has one person of an estate at each moment
    if keep.telegram_id is None and account is not None:
        keep.telegram_id, keep.blocked_at = account, double.blocked_at
        keep.joined_at, keep.opened_at = keep.joined_at or double.joined_at, keep.opened_at or double.opened_at
    desk.session.flush()


def _take_readers(desk: Desk, keep: Person, double: Person) -> None:
    """Renames the reader of the double's private cards and waiting messages to the one who stays.

    Where both have a card about one thing, that of the one who stays is enough.
    """
    for named in (staff_reader, supervisor_reader):
        has_own = select(Card.subject_id).where(col(Card.reader) == named(keep))
        for table, only in (
            (Card, col(Card.subject_id).not_in(has_own.scalar_subquery())),
            (OutboxMessage, col(OutboxMessage.state) == OutboxState.WAITING),
        ):
            desk.session.exec(
                update(table)
                .where(col(table.reader) == named(double), only)
                .values(reader=named(keep))
                .execution_options(synchronize_session=False)
            )
    desk.session.expire_all()


def _join_memberships(desk: Desk, keep: Person, double: Person) -> None:
    """Leaves one membership of each chat: the one that goes on, since the earlier day."""
    theirs, given_up = (
        {one.chat_id: one for one in desk.session.exec(select(Membership).where(Membership.person_id == person.id))}
        for person in (keep, double)
    )
    for chat_id, given in given_up.items():
        own = theirs.get(chat_id)
        if own is None:
            continue
        own.since, own.leads = min(own.since, given.since), own.leads or given.leads
        own.left_at = None if own.left_at is None or given.left_at is None else max(own.left_at, given.left_at)
        desk.session.delete(given)
    desk.session.flush()


def _keep_one_word_on_duty(desk: Desk, keep: Person, double: Person) -> None:
    if desk.session.get(DutyOverride, keep.id) is not None:
        desk.session.exec(delete(DutyOverride).where(col(DutyOverride.person_id) == double.id))


def _nothing_clashes(_desk: Desk, _keep: Person, _double: Person) -> None:
    """Does nothing: rows of this table may stand beside each other."""


CLASHES: dict[str, Callable[[Desk, Person, Person], None]] = {
    "memberships": _join_memberships,
    "duty_words": _keep_one_word_on_duty,
}
"""What is done first where a table has one row a person, or one a person and chat."""
