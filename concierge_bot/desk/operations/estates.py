"""Estates: a new installation starts with one, made from the catalogue."""

from __future__ import annotations

from sqlmodel import select

from concierge_bot.desk.context import Desk
from concierge_bot.desk.operations import cleaning
from storage.tables.people import Estate


def ensure_first(desk: Desk) -> Estate:
    """Returns the first estate; makes it from the catalogue where there is none yet, with its timers."""
    found = desk.session.exec(select(Estate).limit(1)).first()
    if found is not None:
        return found
    defaults = desk.catalogue.estate
    estate = Estate(
        name=defaults.name, timezone=defaults.timezone, language=defaults.language, currency=defaults.currency
    )
    desk.session.add(estate)
    desk.session.flush()
    desk.capabilities.plan(desk, estate)
    cleaning.plan(desk)
    return estate


def plan_all(desk: Desk) -> None:
    """Sets missing timers: of each estate's calendar, of overdue promises' chains, of appointments' reminders."""
    for estate in desk.session.exec(select(Estate)).all():
        desk.capabilities.plan(desk, estate)
    cleaning.plan(desk)
    desk.capabilities.look_again(desk)
