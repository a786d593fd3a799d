"""The register of roles: the one place that gives and ends them, and writes onto people what follows.

A person's villa, and whether they supervise or manage, are a projection of their standing roles, for the many places
that read them. A person whose last role ended has left: their account is a stranger's, and their history stays.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlmodel import col, select

from concierge_bot.desk.audit import recorder
from concierge_bot.desk.context import Desk
from concierge_bot.desk.roles import role_changes
from storage.engine.audited_rows import role_change
from storage.engine.changes import change_where
from storage.engine.statements import write_all
from storage.tables.audit import AuditAction
from storage.tables.people import Person
from storage.tables.roles import Role, RoleKind, RoleWay
from storage.tables.rows import row_id

OF_A_VILLA = frozenset({RoleKind.OWNER, RoleKind.FAMILY})
OF_A_TEAM = frozenset({RoleKind.BUTLER, RoleKind.LEAD})
BY_WORD = frozenset({RoleWay.COMMAND, RoleWay.TAP})
"""The ways in which somebody ended a role on purpose."""


@dataclass(frozen=True)
class Grant:
    """A role that can be given: what somebody is, for which villa or on which team."""

    kind: RoleKind
    villa_id: int | None = None
    team: str | None = None

    def is_one(self, role: Role) -> bool:
        """Tells whether a role is this one."""
        return (role.kind, role.villa_id, role.team) == (self.kind, self.villa_id, self.team)


def standing(desk: Desk, person: Person) -> list[Role]:
    """Returns the roles of a person that have not ended, the oldest first."""
    return list(
        desk.session.exec(
            select(Role).where(Role.person_id == person.id, col(Role.ends_at).is_(None)).order_by(col(Role.id))
        )
    )


def give(desk: Desk, person: Person, grant: Grant, *, by: Person | None, how: RoleWay) -> Role:
    """Gives a person a role, unless they have it. It counts from now on, or from when they join.

    A villa that they are given is the one in hand from now on.
    """
    role = next((role for role in standing(desk, person) if grant.is_one(role)), None)
    if role is None:
        role = _role(desk, person, grant, by=by, how=how)
        desk.session.add(role)
        desk.session.flush()
    if grant.villa_id is not None:
        person.villa_id = grant.villa_id
    project(desk, person)
    return role


def end(desk: Desk, role: Role, *, by: Person | None, how: RoleWay) -> bool:
    """Ends a role at once, with every row that says the same. Returns whether it was this call that did so."""
    is_same = (
        col(Role.person_id) == role.person_id,
        col(Role.kind) == role.kind,
        col(Role.villa_id).is_not_distinct_from(role.villa_id),
        col(Role.team).is_not_distinct_from(role.team),
        col(Role.ends_at).is_(None),
    )
    ended = change_where(desk.session, Role, *is_same, ends_at=desk.now, ended_by=by.id if by else None, ended_how=how)
    desk.session.expire(role)
    if ended:
        recorder.record_all(desk, [role_change(desk.session, role, AuditAction.ROLE_ENDED)])
    project(desk, desk.person(role.person_id))
    return ended > 0


def is_taken_out(desk: Desk, person: Person, teams: Collection[str]) -> bool:
    """Tells whether somebody ended a person's work on a team, by word and not by the group, and nobody took it back."""
    last = select(Role).where(Role.person_id == person.id, Role.kind == RoleKind.BUTLER, col(Role.team).in_(teams))
    role = desk.session.exec(last.order_by(col(Role.id).desc()).limit(1)).first()
    return role is not None and role.ended_how in BY_WORD


def is_dismissed(desk: Desk, person: Person) -> bool:
    """Tells whether somebody has left, and it was by word that the last of their roles ended, not by the group."""
    if person.left_at is None:
        return False
    last = select(Role).where(Role.person_id == person.id, col(Role.ends_at).is_not(None))
    role = desk.session.exec(last.order_by(col(Role.ends_at).desc(), col(Role.id).desc()).limit(1)).first()
    return role is not None and role.ended_how in BY_WORD


def record(desk: Desk, person: Person, *, by: Person | None = None, how: RoleWay) -> None:
    """Writes the roles of a person who was just written down, as their facts say."""
    for grant in _grants_of(person):
        desk.session.add(_role(desk, person, grant, by=by, how=how))
    desk.session.flush()


def record_owners(desk: Desk, homes: Iterable[tuple[int, int]], *, how: RoleWay) -> None:
    """Writes the roles of many owners who were just written down and have not joined, each with their villa."""
    given = {"kind": RoleKind.OWNER, "given_how": how}
    rows = [{"person_id": person_id, "villa_id": villa_id, **given} for person_id, villa_id in homes]
    write_all(desk.session, Role, rows)


def begin(desk: Desk, person: Person) -> None:
    """Begins the roles of a person who joins now."""
    is_theirs = (col(Role.person_id) == person.id, col(Role.begins_at).is_(None), col(Role.ends_at).is_(None))
    change_where(desk.session, Role, *is_theirs, begins_at=desk.now)
    project(desk, person)


def pass_on(desk: Desk, giver: Person, taker: Person, *, how: RoleWay) -> None:
    """Moves all standing roles from a person to another one on the same estate; the first has left then."""
    for role in standing(desk, giver):
        by = desk.person(role.given_by) if role.given_by is not None else None
        give(desk, taker, Grant(role.kind, role.villa_id, role.team), by=by, how=how)
        end(desk, role, by=by, how=how)


def project(desk: Desk, person: Person) -> None:
    """Writes onto a person what follows from their standing roles."""
    roles = standing(desk, person)
    kinds = {role.kind for role in roles}
    homes = _homes(roles)
    if person.villa_id not in homes:
        person.villa_id = homes[0] if homes else None
    person.further_villas = len(homes) - 1 if len(homes) > 1 else None
    person.supervises, person.manages = RoleKind.SUPERVISOR in kinds, RoleKind.MANAGER in kinds
    if roles:
        person.left_at = None
    else:
        person.left_at = person.left_at or desk.now
    desk.session.flush()
    role_changes.note(desk, person)


def villas_of(desk: Desk, person: Person) -> list[int]:
    """Returns the villas for which a person may order, in the order in which they came to them."""
    return _homes(standing(desk, person))


def homes_of(desk: Desk, person: Person) -> list[int]:
    """Returns the same villas; nothing is asked of the database for somebody with one or none, as almost always."""
    if person.further_villas:
        return villas_of(desk, person)
    return [person.villa_id] if person.villa_id is not None else []


def take_in_hand(desk: Desk, person: Person, villa_id: int) -> bool:
    """Makes one of somebody's villas the one for which they order. Returns whether it is theirs."""
    if villa_id not in villas_of(desk, person):
        return False
    person.villa_id = villa_id
    desk.session.flush()
    return True


def _homes(roles: list[Role]) -> list[int]:
    homes = (role.villa_id for role in roles if role.kind in OF_A_VILLA)
    return list(dict.fromkeys(villa_id for villa_id in homes if villa_id is not None))


def last_villa(desk: Desk, person: Person) -> int:
    """Returns the villa that somebody had last: a danger of which they told counts though they have moved out since.

    Raises LookupError for somebody who never had one.
    """
    had = select(Role.villa_id).where(Role.person_id == person.id, col(Role.villa_id).is_not(None))
    found = desk.session.exec(had.order_by(col(Role.ends_at).desc(), col(Role.id).desc()).limit(1)).first()
    if found is None:
        raise LookupError("a request is for a villa, and this person never had one")
    return found


def _role(desk: Desk, person: Person, grant: Grant, *, by: Person | None, how: RoleWay) -> Role:
    return Role(
        person_id=row_id(person),
        kind=grant.kind,
        villa_id=grant.villa_id,
        team=grant.team,
        begins_at=desk.now if person.joined_at is not None else None,
        given_by=by.id if by else None,
        given_how=how,
    )


def _grants_of(person: Person) -> list[Grant]:
    found = [Grant(RoleKind.OWNER, villa_id=person.villa_id)] if person.villa_id is not None else []
    found += [Grant(RoleKind.SUPERVISOR)] if person.supervises else []
    return found + ([Grant(RoleKind.MANAGER)] if person.manages else [])
