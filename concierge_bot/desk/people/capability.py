"""What people contributes to the rest of the program."""

from __future__ import annotations

from concierge_bot.desk.capability import CalendarEntry, Capability, TimerType
from concierge_bot.desk.people import birthdays, rosters
from concierge_bot.desk.queues.timers import TimerKind

CAPABILITY = Capability(
    name="people",
    timers=(
        TimerType(TimerKind.BIRTHDAYS, birthdays.fire, "Birthday greetings"),
        TimerType(TimerKind.ROSTER, rosters.fire, "A look at the duty roster"),
    ),
    calendar=(CalendarEntry(birthdays.plan, late_by=birthdays.TOO_LATE), CalendarEntry(rosters.plan)),
    undelivered=((birthdays.READER, birthdays.not_delivered),),
)
