"""The contributions of people to the rest of the program."""

from __future__ import annotations

from concierge_bot.desk.bot_commands import EVERYWHERE, GROUP, STAFF, SUPERIORS, BotCommand, Section
from concierge_bot.desk.capability import CalendarEntry, Capability, TimerDefinition
from concierge_bot.desk.people import birthdays, duty_commands, rosters
from concierge_bot.desk.queues.timers import TimerKind

CAPABILITY = Capability(
    name="people",
    commands=(
        BotCommand("on", 70, Section.WORK, STAFF, EVERYWHERE, lambda words: words.text("I am on duty")),
        BotCommand("off", 80, Section.WORK, STAFF, EVERYWHERE, lambda words: words.text("I am off duty")),
        BotCommand("duty", 90, Section.WORK, STAFF, EVERYWHERE, lambda words: words.text("Who is on duty")),
        BotCommand(
            "roster", 100, Section.TEAM, SUPERIORS, EVERYWHERE, lambda words: words.text("The duty roster of a team")
        ),
        BotCommand("lead", 140, Section.GROUP, SUPERIORS, GROUP, lambda words: words.text("Choose who leads a team")),
    ),
    taps=(
        duty_commands.LEAD,
        rosters.ROSTER_LINE,
    ),
    timers=(
        TimerDefinition(TimerKind.BIRTHDAYS, birthdays.fire, "Birthday greetings"),
        TimerDefinition(TimerKind.ROSTER, rosters.fire, "A look at the duty roster"),
    ),
    calendar=(
        CalendarEntry(TimerKind.BIRTHDAYS, birthdays.plan, late_by=birthdays.TOO_LATE),
        CalendarEntry(TimerKind.ROSTER, rosters.plan),
    ),
    undelivered=((birthdays.READER, birthdays.not_delivered),),
)
