"""Estates: a new installation starts with one, made from the catalogue."""

from __future__ import annotations

from collections.abc import Collection
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlmodel import col, select

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


def unknown_words(desk: Desk, languages: Collection[str]) -> list[str]:
    """Returns a sentence for each estate's time zone that this machine lacks, and language that is not among those."""
    found = []
    for estate in desk.session.exec(select(Estate).order_by(col(Estate.id))):
        if not _is_zone(estate.timezone):
            found.append(f"“{estate.name}” is in the time zone {estate.timezone!r}, which this machine does not know.")
        if estate.language not in languages:
            known = ", ".join(languages)
            found.append(
                f"“{estate.name}” speaks {estate.language!r}, for which there are no words: {known} have some."
            )
    return found


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def plan_all(desk: Desk) -> None:
    """Sets missing timers: of each estate's calendar, of overdue promises' chains, of appointments' reminders."""
    for estate in desk.session.exec(select(Estate)).all():
        desk.capabilities.plan(desk, estate)
    cleaning.plan(desk)
    desk.capabilities.look_again(desk)
