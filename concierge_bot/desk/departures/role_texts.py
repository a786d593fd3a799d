"""The words on roles and on their end."""

from __future__ import annotations

from typing import assert_never

from markupsafe import Markup

from concierge_bot.desk.context import Desk
from concierge_bot.desk.people import villas
from concierge_bot.i18n import Words
from storage.tables.people import Person
from storage.tables.roles import Role, RoleKind


def named(desk: Desk, role: Role, words: Words) -> str:
    """Returns a role as lists name it: *owner of Villa 8*, *team Butlers*."""
    villa, team = _villa(desk, role, words), _team(desk, role, words)
    names = {
        RoleKind.OWNER: words.text("owner of %(villa)s", villa=villa),
        RoleKind.FAMILY: words.text("family of %(villa)s", villa=villa),
        RoleKind.BUTLER: words.context_text("role", "team %(team)s", team=team),
        RoleKind.LEAD: words.text("lead of the team %(team)s", team=team),
        RoleKind.SUPERVISOR: words.context_text("role", "supervisor"),
        RoleKind.MANAGER: words.context_text("role", "property manager"),
        RoleKind.FRONT_DESK: words.context_text("role", "front desk"),
        RoleKind.CASHIER: words.context_text("role", "cashier"),
    }
    return names[role.kind]


def farewell(desk: Desk, role: Role, words: Words) -> Markup:
    """Returns what somebody is told whose role has ended."""
    person = desk.person(role.person_id)
    estate, team = desk.estate(person.estate_id).name, _team(desk, role, words)
    match role.kind:
        case RoleKind.OWNER | RoleKind.FAMILY:
            return words.html(
                "%(villa)s is no longer yours, so I can take no further requests for it. Thank you for your "
                "time with us at %(estate)s. Whatever you have already asked for will be taken care of.",
                villa=_villa(desk, role, words),
                estate=estate,
            )
        case RoleKind.BUTLER:
            return words.html(
                "You are no longer on the %(team)s team. Thank you for all you have done there.", team=team
            )
        case RoleKind.LEAD:
            return words.html("You no longer lead the %(team)s team. Thank you for leading it.", team=team)
        case RoleKind.SUPERVISOR:
            return words.html(
                "You are no longer a supervisor of %(estate)s. Thank you for looking after it.", estate=estate
            )
        case RoleKind.MANAGER:
            return words.html(
                "You are no longer the property manager of %(estate)s. Thank you for looking after it.",
                estate=estate,
            )
        case RoleKind.FRONT_DESK | RoleKind.CASHIER:
            return words.html(
                "Your work at the front desk of %(estate)s has ended. Thank you for all you have done there.",
                estate=estate,
            )
        case _:
            assert_never(role.kind)


def ended(desk: Desk, role: Role, by: Person | None, words: Words) -> Markup:
    """Returns what superiors are told of a role that has ended; by nobody, it was the operator."""
    facts = {"name": desk.person(role.person_id).name, "role": named(desk, role, words)}
    if by is None:
        return words.html("👤 Ended by the operator: %(name)s, %(role)s.", **facts)
    return words.html("👤 Ended by %(by)s: %(name)s, %(role)s.", by=by.name, **facts)


def _villa(desk: Desk, role: Role, words: Words) -> str:
    return villas.called(words, desk.villa(role.villa_id).name) if role.villa_id is not None else ""


def _team(desk: Desk, role: Role, words: Words) -> str:
    teams = desk.catalogue_of(desk.person(role.person_id).estate_id).teams
    return words.text(teams.get(role.team, role.team)) if role.team else ""
