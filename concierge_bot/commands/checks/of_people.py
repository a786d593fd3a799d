"""Checks of the people: whom the concierge can turn to, and who was refused."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import col, select

from concierge_bot.commands.checks.finding import Finding, advice, well, wrong
from concierge_bot.desk.context import Desk
from concierge_bot.desk.directory import doubles
from concierge_bot.desk.people import refusals, staff
from storage.tables.people import Estate, Person
from storage.tables.rows import row_id

LISTED = 5
RECENT = timedelta(days=7)
"""For how long a refusal counts."""


def supervisors(desk: Desk) -> Finding:
    """Checks that a supervisor of each estate can be reached."""
    estates = list(desk.session.exec(select(Estate).order_by(col(Estate.id))))
    reachable = [person for estate in estates for person in staff.supervisors(desk, row_id(estate)) if person.reachable]
    watched = {person.estate_id for person in reachable}
    alone = [estate.name for estate in estates if estate.id not in watched]
    if alone:
        at, option = ("", "") if len(estates) == 1 else (f" at “{'”, “'.join(alone)}”", " --estate …")
        run = f"Run `concierge invite supervisor{option} --name …` and have the link opened."
        return wrong("supervisors", f"No supervisor can be reached{at}. {run}")
    return well("supervisors", ", ".join(person.name for person in reachable))


def managers(desk: Desk) -> Finding:
    """Checks that a property manager can be reached."""
    found = desk.session.exec(select(Person).where(col(Person.manages).is_(True))).all()
    reachable = [person for person in found if person.reachable]
    if not reachable:
        said = (
            "No property manager can be reached: what a supervisor does not answer goes no further. "
            "Run `concierge invite manager --name …` and have the link opened."
        )
        return advice("managers", said)
    return well("managers", ", ".join(person.name for person in reachable))


def written_down_twice(desk: Desk) -> Finding | None:
    """Advises to merge people who may be one; None where there are none."""
    estates = desk.session.exec(select(Estate.id)).all()
    found = [pair for estate_id in estates if estate_id is not None for pair in doubles.pairs(desk, estate_id)]
    if not found:
        return None
    listed = "; ".join(f"{one.name} ({one.id}) and {other.name} ({other.id})" for one, other in found[:LISTED])
    how = "`concierge people doubles` lists them, `merge` makes one of two."
    said = f"{len(found)} may be written down twice: {listed}. {how}"
    return advice("people", said)


def often_refused(desk: Desk) -> Finding:
    """Names the accounts that often tried what they may not."""
    found = refusals.often_refused(desk, desk.now - RECENT)
    if not found:
        return well("refusals", "nobody was refused often lately")
    listed = "; ".join(f"{telegram_id} ({count} times)" for telegram_id, count in found[:LISTED])
    said = f"{len(found)} accounts often tried what they may not: {listed}. The table `refusals` says what."
    return well("refusals", said)
