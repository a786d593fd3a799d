"""The roles of people whom a test writes straight into the database."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from concierge_bot.desk.context import Desk
from concierge_bot.desk.roles import register
from storage.tables.people import Membership, Person, StaffChat
from storage.tables.roles import Role, RoleKind, RoleWay
from storage.tables.rows import row_id
from tests.support.world import CATALOGUE


def recorded(session: Session, now: datetime) -> None:
    """Gives everybody without a role those that their facts and memberships say."""
    desk = Desk(session, now, CATALOGUE)
    has_one = select(Role.person_id)
    for person in session.exec(select(Person).where(col(Person.id).not_in(has_one))).all():
        register.record(desk, person, how=RoleWay.COMMAND)
        works_on = (
            select(StaffChat.team)
            .join(Membership, col(Membership.chat_id) == StaffChat.chat_id)
            .where(Membership.person_id == person.id, col(Membership.left_at).is_(None))
        )
        for team in session.exec(works_on.where(StaffChat.estate_id == person.estate_id)).all():
            works = Role(person_id=row_id(person), kind=RoleKind.BUTLER, team=team, begins_at=now)
            works.given_how = RoleWay.GROUP
            session.add(works)
    session.flush()
