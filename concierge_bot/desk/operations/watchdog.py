"""The watchdog: when a part of the concierge stood still, the supervisors are told once it runs again."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, select

from concierge_bot.desk.context import Desk, words_of
from concierge_bot.desk.people import staff
from concierge_bot.desk.queues import outbox
from concierge_bot.desk.queues.policies import ALWAYS
from concierge_bot.desk.requests import promises
from concierge_bot.i18n import Words
from concierge_bot.parts import Part
from concierge_bot.screens import Screen
from storage.engine.changes import change_one
from storage.engine.statements import write_new
from storage.tables.people import Estate
from storage.tables.queues import Heartbeat, Urgency
from storage.tables.requests import Request, is_unfinished
from storage.tables.rows import row_id

NAMED = 12
"""The most late requests that a report names."""


def beat(desk: Desk, part: Part, machine_now: datetime) -> None:
    """Writes the heartbeat of a part, in the machine's time: a change of the estate's clock is no standstill.

    After a gap above the catalogue's `standstill` it tells the supervisors.
    """
    last = desk.session.exec(select(Heartbeat.at).where(Heartbeat.part == part)).first()
    if last is None:
        write_new(desk.session, Heartbeat, part=part, at=machine_now)
        return
    beaten = change_one(desk.session, Heartbeat, col(Heartbeat.part) == part, col(Heartbeat.at) == last, at=machine_now)
    stood_for = machine_now - last
    if beaten and stood_for > desk.default_catalogue.rules.standstill:  # else another process has said so
        _report(desk, part, desk.now - stood_for)


def silent_parts(desk: Desk, machine_now: datetime) -> list[tuple[Part, datetime]]:
    """Returns the parts without a heartbeat for too long, with the moment of the last one."""
    return [
        (part, at)
        for part, at in signs_of_life(desk).items()
        if machine_now - at > desk.default_catalogue.rules.standstill
    ]


def signs_of_life(desk: Desk) -> dict[Part, datetime]:
    """Returns the last heartbeat of each part, in the machine's time."""
    return {
        Part(part): at
        for part, at in desk.session.exec(select(Heartbeat.part, Heartbeat.at).order_by(col(Heartbeat.part)))
    }


def _report(desk: Desk, part: Part, since: datetime) -> None:
    for estate in desk.session.exec(select(Estate).order_by(col(Estate.id))).all():
        late = _late_since(desk, estate, since)
        for person in staff.supervisors(desk, row_id(estate)):
            if person.reachable and person.telegram_id:
                text = _text(desk, words_of(desk, person), estate, part, since, late)
                outbox.say(desk, person.telegram_id, text, Urgency.ESCALATION, policy=ALWAYS, reader="alarm")


def _late_since(desk: Desk, estate: Estate, since: datetime) -> list[int]:
    """Returns the numbers of unfinished requests with a promise that fell due during the standstill."""
    found = desk.session.exec(
        select(Request).where(Request.estate_id == estate.id, is_unfinished()).order_by(col(Request.id))
    )
    return [row_id(request) for request in found if any(since < due for _, due in promises.overdue(request, desk.now))]


def _text(desk: Desk, words: Words, estate: Estate, part: Part, since: datetime, late: list[int]) -> Screen:
    zone, today = desk.zone(row_id(estate)), desk.today(row_id(estate))
    numbers = words.listed(f"#{number}" for number in late[:NAMED])
    facts = {
        "period": words.period(since, desk.now, zone, today),
        "numbers": numbers or words.context_text("value", "nothing"),
    }
    match part:
        case Part.INTAKE:
            return Screen(
                words.html(
                    "⚠️ I could not receive messages: %(period)s. Overdue as a result: %(numbers)s.",
                    **facts,
                )
            )
        case Part.DELIVERY:
            return Screen(
                words.html("⚠️ I could not send messages: %(period)s. Overdue as a result: %(numbers)s.", **facts)
            )
        case Part.CLOCK:
            return Screen(words.html("⚠️ The service was down: %(period)s. Overdue as a result: %(numbers)s.", **facts))
