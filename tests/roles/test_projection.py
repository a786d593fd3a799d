"""The projection of roles: after any sequence of grants and ends, it says what the roles in force say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import select

from concierge_bot.desk.context import Desk
from concierge_bot.desk.operations import estates
from concierge_bot.desk.people import invites
from concierge_bot.desk.roles import register
from concierge_bot.desk.roles.register import Grant
from storage import schema
from storage.engine.unit import Storage
from storage.tables.people import Person, Villa
from storage.tables.roles import Role, RoleKind, RoleWay
from storage.tables.rows import row_id
from tests.support.databases import sqlite_url
from tests.support.world import CATALOGUE, NOON

GRANTS = st.sampled_from(
    [
        *(Grant(kind, villa_id=villa) for kind in (RoleKind.OWNER, RoleKind.FAMILY) for villa in (1, 2)),
        *(Grant(kind, team=team) for kind in (RoleKind.BUTLER, RoleKind.LEAD) for team in ("butlers", "maintenance")),
        *(Grant(kind) for kind in (RoleKind.SUPERVISOR, RoleKind.MANAGER, RoleKind.CASHIER)),
    ]
)
STEPS = st.lists(st.tuples(st.booleans(), GRANTS), max_size=20)


def _steps(desk: Desk, steps: list[tuple[bool, Grant]]) -> None:
    person = Person(estate_id=1, telegram_id=7, joined_at=desk.now)
    desk.session.add(person)
    desk.session.flush()
    held: list[Grant] = []
    for number, (is_given, grant) in enumerate(steps):
        later = replace(desk, now=desk.now + timedelta(minutes=number))
        if is_given:
            role = register.give(later, person, grant, by=None, how=RoleWay.COMMAND)
            assert grant.is_one(role)
            held += [] if grant in held else [grant]
        else:
            found = [role for role in register.standing(later, person) if grant.is_one(role)]
            assert [register.end(later, role, by=None, how=RoleWay.COMMAND) for role in found] == [True] * len(found)
            held = [other for other in held if other != grant]
        if number or is_given:
            _assert_projected(later, person, held)


def _assert_projected(desk: Desk, person: Person, held: list[Grant]) -> None:
    desk.session.expire_all()
    kinds, homes = {grant.kind for grant in held}, {grant.villa_id for grant in held} - {None}
    assert person.supervises == (RoleKind.SUPERVISOR in kinds)
    assert person.manages == (RoleKind.MANAGER in kinds)
    assert person.villa_id in homes if homes else person.villa_id is None
    assert set(register.villas_of(desk, person)) == homes
    standing = register.standing(desk, person)
    assert len(standing) == len(held)
    if desk.session.exec(select(Role.id)).first() is not None:
        assert (person.left_at is None) == bool(held)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def _any_sequence(storage: Storage, steps: list[tuple[bool, Grant]]) -> None:
    with storage.unit() as session:
        _steps(Desk(session, NOON, CATALOGUE), steps)
        session.rollback()  # the next example finds the database as this one did


def _open(url: str) -> Storage:
    storage = Storage(url)
    if schema.present(storage) is None:
        schema.upgrade(storage)
    with storage.unit() as session:
        estate_id = row_id(estates.ensure_first(Desk(session, NOON, CATALOGUE)))
        session.add_all([Villa(id=1, estate_id=estate_id, name="8"), Villa(id=2, estate_id=estate_id, name="9")])
    return storage


def test_the_projection_says_what_the_roles_in_force_say(tmp_path: Path) -> None:
    storage = _open(sqlite_url(tmp_path))
    _any_sequence(storage)
    storage.close()


def test_a_role_counts_from_when_its_person_joins(database_url: str) -> None:
    storage = _open(database_url)
    with storage.unit() as session:
        desk = Desk(session, NOON, CATALOGUE)
        person = Person(estate_id=1, villa_id=1, surname="Wang")
        invites.invite(desk, person)
        (role,) = register.standing(desk, person)
        assert (role.kind, role.villa_id, role.begins_at) == (RoleKind.OWNER, 1, None)
        register.begin(replace(desk, now=NOON + timedelta(days=1)), person)
        session.refresh(role)
        assert role.begins_at == NOON + timedelta(days=1)
    storage.close()


def test_d2_a_role_ends_with_every_row_that_says_the_same(database_url: str) -> None:
    """Two units of work on PostgreSQL may have given it at once."""
    storage = _open(database_url)
    with storage.unit() as session:
        desk = Desk(session, NOON, CATALOGUE)
        person = Person(estate_id=1, telegram_id=7, joined_at=NOON)
        session.add(person)
        session.flush()
        register.give(desk, person, Grant(RoleKind.SUPERVISOR), by=None, how=RoleWay.LINK)
        twice = Role(person_id=row_id(person), kind=RoleKind.SUPERVISOR, begins_at=NOON, given_how=RoleWay.LINK)
        session.add(twice)
        session.flush()
        assert register.end(desk, twice, by=None, how=RoleWay.COMMAND)
        assert (person.supervises, person.left_at) == (False, NOON)
        assert not register.end(desk, twice, by=None, how=RoleWay.COMMAND)
    storage.close()
