"""Merging moves whatever refers to a person, in every table that there is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import UniqueConstraint, func, select, text
from sqlmodel import Session, col, update

from concierge_bot.catalogue import model as catalogues
from concierge_bot.desk.capabilities import CAPABILITIES
from concierge_bot.desk.context import Desk
from concierge_bot.desk.directory import merging
from concierge_bot.settings import SHIPPED_CATALOGUE
from storage import schema
from storage.archive.numbers import go_on_from
from storage.engine.unit import Storage
from storage.tables.people import Membership, Person
from storage.tables.registry import METADATA
from storage.tables.requests import Request, RequestState
from storage.tables.rows import row_id
from tests.storage.filling import fill

NOW = datetime(2026, 6, 15, 4, tzinfo=UTC)
CATALOGUE = catalogues.load(SHIPPED_CATALOGUE)


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """A desk over a database whose every table is full, in which nothing is under way."""
    storage = Storage(database_url)
    if schema.present(storage) is None:
        schema.upgrade(storage)
    fill(storage)
    with storage.engine.begin() as connection:
        go_on_from(connection, tuple(METADATA.sorted_tables), {})
    with storage.unit() as session:
        session.exec(update(Request).values(state=RequestState.CANCELLED))
        session.exec(update(Person).values(estate_id=1, left_at=None))
        yield Desk(session, NOW, CATALOGUE, capabilities=CAPABILITIES)
    storage.close()


def _refer(session: Session, person: Person) -> dict[tuple[str, str], int]:
    found = {}
    for column in merging.references():
        count = select(func.count()).select_from(column.table).where(column == person.id)
        found[column.table.name, column.name] = session.connection().execute(count).scalar_one()
    return found


def test_whatever_refers_to_a_double_is_moved(desk: Desk) -> None:
    keep, double = desk.session.get_one(Person, 1), desk.session.get_one(Person, 2)
    for column in merging.references():  # each column refers to the double in at least one row
        if column.table.name not in merging.CLASHES and not column.primary_key:
            one = select(func.max(next(iter(column.table.primary_key)))).scalar_subquery()
            key = next(iter(column.table.primary_key))
            desk.session.connection().execute(column.table.update().where(key == one).values({column.name: double.id}))
    desk.session.expire_all()
    planned = merging.plan(desk, keep, double)
    assert {("requests", "person_id"), ("requests", "claimed_by"), ("roles", "given_by"), ("invites", "made_by")} <= {
        (one.table, one.column) for one in planned
    }
    assert merging.merge(desk, keep, double) == planned
    assert set(_refer(desk.session, double).values()) == {0}
    double = desk.session.get_one(Person, 2)
    assert (double.telegram_id, double.left_at) == (None, NOW)
    again = merging.merge(desk, desk.session.get_one(Person, 1), double)
    assert again == []


def test_of_two_memberships_of_a_chat_the_one_that_goes_on_stays(desk: Desk) -> None:
    keep, double = desk.session.get_one(Person, 1), desk.session.get_one(Person, 2)
    desk.session.connection().execute(text("DELETE FROM memberships"))
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    desk.session.add_all(
        [
            Membership(chat_id=-5, person_id=row_id(keep), since=NOW, left_at=NOW),
            Membership(chat_id=-5, person_id=row_id(double), since=long_ago, leads=True),
            Membership(chat_id=-6, person_id=row_id(double), since=NOW),
        ]
    )
    merging.merge(desk, keep, double)
    left = [
        (one.chat_id, one.person_id, one.since, one.left_at, one.leads)
        for (one,) in desk.session.execute(select(Membership).order_by(col(Membership.chat_id).desc()))
    ]
    assert left == [(-5, 1, long_ago, None, True), (-6, 1, NOW, None, False)]


def test_a_table_with_one_row_a_person_is_prepared_for() -> None:
    """Else the database would refuse the second row, and the merge with it."""
    for column in merging.references():
        groups = [index.columns for index in column.table.indexes if index.unique]
        groups += [one.columns for one in column.table.constraints if isinstance(one, UniqueConstraint)]
        groups.append(column.table.primary_key.columns)
        if any(column.name in group for group in groups):
            assert column.table.name in merging.CLASHES


def test_people_of_two_estates_are_no_doubles(desk: Desk) -> None:
    keep, double = desk.session.get_one(Person, 1), desk.session.get_one(Person, 2)
    double.estate_id = 2
    with pytest.raises(merging.MergeError, match="two estates"):
        merging.plan(desk, keep, double)
    with pytest.raises(merging.MergeError, match="the same number"):
        merging.plan(desk, keep, keep)
