"""The notification policy: the one place that decides when people may be told of a matter, and whether it sounds.

Urgent matters sound at any time. Nothing else sounds in the quiet hours, outside the hours of the team that it
concerns, or to a member of the staff who is off duty.
"""

from __future__ import annotations

from datetime import UTC

from concierge_bot.catalogue.opening import WakingHours
from concierge_bot.desk.context import Desk
from concierge_bot.desk.people import duty
from concierge_bot.desk.queues.policies import ALWAYS, Policy
from storage.tables.people import Person
from storage.tables.requests import Request


def of_request(desk: Desk, request: Request, reader: Person | None = None) -> Policy:
    """Returns the policy for telling staff and superiors of a request; `reader` is a person who reads it in private."""
    policy = of_team(desk, request.estate_id, request.team, urgent=request.urgent)
    if reader is None or request.urgent or not duty.is_off(desk, reader, request.estate_id, request.team):
        return policy
    return Policy(policy.hours, policy.zone, silent=True)


def of_team(desk: Desk, estate_id: int, team: str, *, urgent: bool = False) -> Policy:
    """Returns the policy for telling a team, and the superiors, of its matters."""
    if urgent:
        return ALWAYS
    key = ("policy", estate_id, team)
    found: Policy | None = desk.cache.get(key)
    if found is None:
        found = desk.cache[key] = _of_team(desk, estate_id, team)
    return found


def of_estate(desk: Desk, estate_id: int) -> Policy:
    """Returns the policy for matters of no single team: outside the quiet hours, in the estate's time zone."""
    return Policy(WakingHours(None, desk.catalogue_of(estate_id).rules.quiet_hours), desk.zone(estate_id))


def of_service(desk: Desk, estate_id: int, *, is_lost: bool) -> Policy:
    """Returns the policy for telling supervisors of the service itself: at any time where owners may not be heard."""
    return ALWAYS if is_lost else of_estate(desk, estate_id)


def of_owner(desk: Desk, owner: Person, *, urgent: bool = False) -> Policy:
    """Returns the policy for telling an owner."""
    return ALWAYS if urgent else of_estate(desk, owner.estate_id)


def _of_team(desk: Desk, estate_id: int, team: str) -> Policy:
    """Returns the policy of a team. One that works in the quiet hours only is told then, without a sound."""
    zone = desk.zone(estate_id)
    opening = desk.catalogue_of(estate_id).opening_of(desk.estate(estate_id).names, team)
    hours = WakingHours(opening, desk.catalogue_of(estate_id).rules.quiet_hours)
    if next(hours.spans(desk.now.astimezone(UTC), zone), None) is None:
        return Policy(opening, zone, silent=True)
    return Policy(hours, zone)
