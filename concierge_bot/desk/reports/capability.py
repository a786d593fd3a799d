"""What reports contribute to the rest of the program."""

from __future__ import annotations

from concierge_bot.desk.capability import CalendarEntry, Capability, TimerType
from concierge_bot.desk.queues.timers import TimerKind
from concierge_bot.desk.reports import daily_summaries

CAPABILITY = Capability(
    name="reports",
    timers=(TimerType(TimerKind.DAILY_SUMMARY, daily_summaries.fire, "The evening's or the morning's list"),),
    calendar=(CalendarEntry(daily_summaries.plan),),
)
