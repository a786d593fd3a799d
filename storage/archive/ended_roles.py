"""Roles, links and accounts that have ended since a backup: what restoring it must not give back unnoticed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection
from sqlmodel import Session, col, select

from storage import schema
from storage.tables.people import Invite, Person
from storage.tables.roles import EndedAccount, Role, RoleKind, RoleWay
from storage.tables.rows import row_id


@dataclass(frozen=True)
class EndedRole:
    """A role that has ended, with what tells that the person of this number is the same one in a backup."""

    role_id: int
    person_id: int
    kind: RoleKind
    villa_id: int | None
    team: str | None
    how: RoleWay | None
    telegram_id: int | None
    names: tuple[str, str]

    def is_of(self, role: Role, person: Person) -> bool:
        """Tells whether a role in a backup, of this person, is the one that has ended since."""
        is_same = (role.kind, role.villa_id, role.team) == (self.kind, self.villa_id, self.team)
        if person.telegram_id is None:  # who had not joined yet is known by name
            return is_same and (person.surname, person.given_name) == self.names
        return is_same and person.telegram_id == self.telegram_id


@dataclass(frozen=True)
class Ended:
    """The ended roles and links of a database that a backup takes the place of.

    Attributes:
        is_known: whether it could be read: not of a database that is new, or of an older schema.
        roles: the roles that ended, and that nobody gave the same person again.
        links: the hashes of the links that were revoked.
        accounts: the accounts that were somebody's, by person and number, and are not any more.
    """

    is_known: bool = False
    roles: tuple[EndedRole, ...] = ()
    links: tuple[str, ...] = ()
    accounts: tuple[tuple[int, int], ...] = ()


def ended_in(connection: Connection) -> Ended:
    """Returns what has ended in a database."""
    if schema.version_of(connection) != schema.needed():
        return Ended()
    with Session(connection) as session:
        of_all = select(Role, Person).join(Person, col(Person.id) == Role.person_id).order_by(col(Role.id))
        rows = list(session.exec(of_all))
        revoked = session.exec(select(Invite.code_hash).where(col(Invite.revoked_at).is_not(None))).all()
        accounts = session.exec(select(EndedAccount.person_id, EndedAccount.telegram_id)).all()
        standing = {_grant(role) for role, _ in rows if role.ends_at is None}
        ended = [
            EndedRole(
                row_id(role),
                role.person_id,
                role.kind,
                role.villa_id,
                role.team,
                role.ended_how,
                person.telegram_id,
                (person.surname, person.given_name),
            )
            for role, person in rows
            if role.ends_at is not None and _grant(role) not in standing
        ]
    return Ended(bool(rows), tuple(ended), tuple(revoked), tuple(accounts))


def _grant(role: Role) -> tuple[object, ...]:
    return role.person_id, role.kind, role.villa_id, role.team
