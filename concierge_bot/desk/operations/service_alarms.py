"""Alarms about the service itself: told to the supervisors once, again daily while they last, and called off."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete
from sqlmodel import col, select

from concierge_bot.desk.context import Desk, words_of
from concierge_bot.desk.people import notification_policy, staff
from concierge_bot.desk.queues import outbox
from concierge_bot.i18n import Words
from concierge_bot.screens import Screen
from storage.engine.changes import change_one
from storage.engine.statements import write_new
from storage.tables.installation import InstallationFact
from storage.tables.people import Estate
from storage.tables.queues import Urgency
from storage.tables.rows import row_id

AGAIN_AFTER = timedelta(days=1)
PREFIX = "alarm_"


class Alarm(StrEnum):
    """A thing that is wrong with the service, for all estates."""

    TWO_POLLERS = "two_pollers"
    OTHER_WEBHOOK = "other_webhook"
    WRONG_CLOCK = "wrong_clock"
    NO_WAY_THROUGH = "no_way_through"


MAY_RING = frozenset({Alarm.TWO_POLLERS, Alarm.OTHER_WEBHOOK, Alarm.NO_WAY_THROUGH})
"""Those by which what people write may reach nobody: they sound at any hour. The others wait for the morning."""


def raise_alarm(desk: Desk, alarm: Alarm) -> None:
    """Tells the supervisors of an alarm, unless they were told within the last day."""
    key, now = f"{PREFIX}{alarm}", desk.now
    fact = desk.session.get(InstallationFact, key)
    if fact is None:
        write_new(desk.session, InstallationFact, key=key, value=now.isoformat(), at=now)
    elif now - fact.at < AGAIN_AFTER or not change_one(
        desk.session,
        InstallationFact,
        col(InstallationFact.key) == key,
        col(InstallationFact.at) == fact.at,
        at=now,
    ):
        return
    _tell(desk, alarm, is_over=False)


def clear(desk: Desk, alarm: Alarm) -> None:
    """Tells the supervisors that an alarm is over; does nothing where there was none."""
    over = delete(InstallationFact).where(col(InstallationFact.key) == f"{PREFIX}{alarm}")
    if desk.session.exec(over).rowcount:
        _tell(desk, alarm, is_over=True)


def lasting(desk: Desk) -> dict[Alarm, datetime]:
    """Returns the alarms that last, each with the moment at which it began."""
    found = desk.session.exec(
        select(InstallationFact)
        .where(col(InstallationFact.key).in_([f"{PREFIX}{alarm}" for alarm in Alarm]))
        .order_by(col(InstallationFact.key))
    )
    return {Alarm(fact.key.removeprefix(PREFIX)): datetime.fromisoformat(fact.value) for fact in found}


def _tell(desk: Desk, alarm: Alarm, *, is_over: bool) -> None:
    told = set[int]()
    for estate in desk.session.exec(select(Estate).order_by(col(Estate.id))).all():
        number = row_id(estate)
        policy = notification_policy.of_service(desk, number, is_lost=alarm in MAY_RING and not is_over)
        for person in staff.supervisors(desk, number):
            if person.reachable and person.telegram_id and person.telegram_id not in told:
                told.add(person.telegram_id)
                words = words_of(desk, person)
                text = _over(words, alarm) if is_over else _begun(words, alarm)
                outbox.say(desk, person.telegram_id, text, Urgency.ESCALATION, policy=policy, reader="alarm")


def _begun(words: Words, alarm: Alarm) -> Screen:
    match alarm:
        case Alarm.TWO_POLLERS:
            text = words.html(
                "⚠️ Another program is collecting messages meant for me, so some may never reach me. Please ask my "
                "operator to stop it, and keep an eye on the groups in the meantime."
            )
        case Alarm.OTHER_WEBHOOK:
            text = words.html(
                "⚠️ Somebody changed the address at which Telegram delivers my messages. I have changed it back, but "
                "some may have gone astray. Please ask my operator who else uses my token."
            )
        case Alarm.WRONG_CLOCK:
            text = words.html(
                "⚠️ The clock of the computer I run on is wrong by a minute or more, so reminders may come at the "
                "wrong time. Please ask my operator to correct it."
            )
        case Alarm.NO_WAY_THROUGH:
            text = words.html(
                "⚠️ My regular check shows that messages between Telegram and me are not getting through. Please "
                "look after the owners in person for now, and ask my operator to put it right."
            )
    return Screen(text)


def _over(words: Words, alarm: Alarm) -> Screen:
    match alarm:
        case Alarm.TWO_POLLERS:
            text = words.html("✅ No other program is collecting my messages any longer.")
        case Alarm.OTHER_WEBHOOK:
            text = words.html("✅ All my messages are reaching me again.")
        case Alarm.WRONG_CLOCK:
            text = words.html("✅ The clock of the computer I run on is right again.")
        case Alarm.NO_WAY_THROUGH:
            text = words.html("✅ Messages between Telegram and me are getting through again.")
    return Screen(text)
