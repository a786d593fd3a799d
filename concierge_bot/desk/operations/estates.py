"""Estates: a new installation starts with one, made from the catalogue."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlmodel import col, select

from concierge_bot.desk.context import Desk
from concierge_bot.desk.operations import cleaning
from concierge_bot.i18n import language_of, languages
from storage.engine.notices import Queue, wake
from storage.tables.people import Estate
from storage.tables.queues import Timer, TimerState
from storage.tables.rows import row_id


def ensure_first(desk: Desk) -> Estate:
    """Returns the first estate; makes it from the catalogue where there is none yet, with its timers."""
    found = desk.session.exec(select(Estate).limit(1)).first()
    if found is not None:
        return found
    defaults = desk.default_catalogue.estate
    estate = Estate(
        name=defaults.name,
        timezone=defaults.timezone,
        language=language_of(defaults.language) or defaults.language,
        currency=defaults.currency,
    )
    open_new(desk, estate)
    cleaning.plan(desk)
    return estate


def open_new(desk: Desk, estate: Estate) -> None:
    """Writes a new estate down, and sets the timers of its calendar."""
    desk.session.add(estate)
    desk.session.flush()
    desk.capabilities.plan(desk, estate)


def rename(estate: Estate, name: str) -> None:
    """Gives an estate another name; the catalogue may go on calling it by the first one."""
    estate.in_catalogue = estate.in_catalogue or estate.name
    estate.name = name


def move_to_zone(desk: Desk, estate: Estate, timezone: str) -> None:
    """Puts an estate into another time zone: its calendar keeps to the same hours of the local clock."""
    before, after = ZoneInfo(estate.timezone), ZoneInfo(timezone)
    estate.timezone = timezone
    desk.cache.pop((ZoneInfo, row_id(estate)), None)
    desk.cache.pop((date, row_id(estate)), None)
    waiting = select(Timer).where(
        Timer.state == TimerState.WAITING,
        Timer.subject_id == estate.id,
        col(Timer.kind).in_(desk.capabilities.calendar_kinds),
    )
    for timer in desk.session.exec(waiting).all():
        _move(desk, timer, timer.due_at.astimezone(before).replace(tzinfo=after).astimezone(UTC))


def _move(desk: Desk, timer: Timer, due_at: datetime) -> None:
    """Moves a timer; where its key is its moment, the key follows, so that the old moment can be set again."""
    beginning = timer.key.removesuffix(timer.due_at.isoformat())
    key = beginning + due_at.isoformat()
    is_taken = beginning == timer.key or desk.session.exec(select(Timer.id).where(Timer.key == key)).first() is not None
    timer.key, timer.due_at = timer.key if is_taken else key, due_at
    desk.session.add(timer)
    wake(desk.session, Queue.TIMERS, due_at)


def unknown_words(desk: Desk) -> list[str]:
    """Returns a sentence for each estate's time zone that this machine lacks, and language without words."""
    found = []
    for estate in desk.session.exec(select(Estate).order_by(col(Estate.id))):
        if not _is_zone(estate.timezone):
            found.append(f"“{estate.name}” is in the time zone {estate.timezone!r}, which this machine does not know.")
        if language_of(estate.language) is None:
            spoken = ", ".join(languages())
            found.append(
                f"“{estate.name}” speaks {estate.language!r}, for which there are no words: {spoken} have some."
            )
    return found


def unknown_catalogues(desk: Desk) -> list[str]:
    """Returns a sentence for each estate that has a catalogue of its own and is not there, or that has two."""
    estates = list(desk.session.exec(select(Estate).order_by(col(Estate.id))))
    given, found = desk.default_catalogue.catalogues, []
    meant = {name for estate in estates for name in estate.names}
    for name in given.keys() - meant:
        known = " or ".join(f"“{estate.name}”" for estate in estates)
        found.append(f"{given[name]} is the catalogue of “{name}”, and there is no such estate: write {known}.")
    for estate in estates:
        if len(twice := sorted(estate.names & given.keys())) > 1:
            files = " and ".join(given[name] for name in twice)
            found.append(f"“{estate.name}” has two catalogues, {files}: name one of them.")
    return sorted(found)


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
