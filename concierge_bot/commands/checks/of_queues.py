"""Checks of the queues: what was set aside, was not delivered, is overdue, or stands still."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from concierge_bot.commands.checks.finding import Finding, well, wrong
from concierge_bot.desk.context import Desk
from concierge_bot.desk.operations import service_alarms, watchdog
from concierge_bot.desk.operations.service_alarms import Alarm
from concierge_bot.runtime.installation import Installation
from storage.tables.queues import InboxState, InboxUpdate, OutboxMessage, OutboxState, Timer, TimerState

LISTED = 5
LATE = timedelta(minutes=1)
RECENT = timedelta(days=7)
"""For how long what went wrong once counts: after that it was seen often enough."""
STUBBORN = 5
"""How many failed attempts make a message worth a look."""


def inbox(desk: Desk) -> Finding:
    """Checks for updates that were set aside."""
    failed = desk.session.exec(
        select(InboxUpdate)
        .where(InboxUpdate.state == InboxState.FAILED, col(InboxUpdate.received_at) > desk.now - RECENT)
        .order_by(col(InboxUpdate.update_id).desc())
    ).all()
    if failed:
        listed = "; ".join(f"{row.update_id} ({row.error})" for row in failed[:LISTED])
        return wrong("inbox", f"{len(failed)} updates were set aside: {listed}. Please report them.")
    return well("inbox", "nothing set aside lately")


def outbox(desk: Desk) -> Finding:
    """Checks for messages that could not be delivered, or fail again and again."""
    dead = _messages(
        desk,
        OutboxMessage.state == OutboxState.DEAD,
        col(OutboxMessage.created_at) > desk.now - RECENT,
        col(OutboxMessage.announcement_id).is_(None),  # those are counted where the announcement's progress is
    )
    if dead:
        said = f"{len(dead)} messages could not be delivered: {_listed(dead)}. Please tell these people in person."
        return wrong("outbox", said)
    waiting = _messages(desk, OutboxMessage.state == OutboxState.WAITING)
    stubborn = [row for row in waiting if row.attempts >= STUBBORN]
    if stubborn:
        said = f"{len(stubborn)} messages fail again and again: {_listed(stubborn)}. Is Telegram in trouble?"
        return wrong("outbox", said)
    return well("outbox", f"{len(waiting)} waiting")


def _messages(desk: Desk, *conditions: Any) -> list[OutboxMessage]:
    return list(desk.session.exec(select(OutboxMessage).where(*conditions).order_by(col(OutboxMessage.id).desc())))


def _listed(rows: list[OutboxMessage]) -> str:
    return "; ".join(f"{row.id} to {row.chat_id} ({row.error})" for row in rows[:LISTED])


def timers(desk: Desk) -> Finding:
    """Checks for timers that are overdue, or were set aside."""

    def count(*conditions: Any) -> int:
        return desk.session.exec(select(func.count()).select_from(Timer).where(*conditions)).one()

    failed = count(col(Timer.state) == TimerState.FAILED)
    late = count(col(Timer.state) == TimerState.WAITING, col(Timer.due_at) < desk.now - LATE)
    if late:
        return wrong("timers", f"{late} timers are overdue: is `concierge run` running?")
    if failed:
        return wrong("timers", f"{failed} timers were set aside. Please report them.")
    return well("timers", f"{count(col(Timer.state) == TimerState.WAITING)} waiting")


def signs_of_life(installation: Installation) -> Finding:
    """Checks for parts that stand still, by the machine's own clock."""
    with installation.looking() as desk:
        silent = watchdog.silent_parts(desk, installation.clock.machine())
    if silent:
        since = "; ".join(f"{part} since {at:%Y-%m-%d %H:%M} UTC" for part, at in silent)
        return wrong("signs of life", f"Standing still: {since}. Is `concierge run` running?")
    return well("signs of life", "nothing stands still")


IN_WORDS = {
    Alarm.TWO_POLLERS: "another program polls with this token: stop it, or have @BotFather revoke the token",
    Alarm.OTHER_WEBHOOK: "somebody changes the webhook of this bot: find out who else has its token",
    Alarm.WRONG_CLOCK: "the clock of a machine of the concierge's is wrong by a minute or more: set it, best by NTP",
    Alarm.NO_WAY_THROUGH: "calls do not reach Telegram, or updates do not come back: check the network and the webhook",
}


def alarms(desk: Desk) -> Finding | None:
    """Checks for alarms that the concierge on duty has raised about itself, and that last."""
    found = service_alarms.lasting(desk)
    if not found:
        return None
    said = "; ".join(f"{IN_WORDS[alarm]} (since {since:%Y-%m-%d %H:%M} UTC)" for alarm, since in found.items())
    return wrong("alarms", f"{said[0].upper()}{said[1:]}.")
