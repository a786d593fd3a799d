"""The contributions of reports to the rest of the program."""

from __future__ import annotations

from concierge_bot.desk.bot_commands import EVERYWHERE, MANAGERS, PRIVATE, STAFF, SUPERIORS, BotCommand, Section
from concierge_bot.desk.capability import CalendarEntry, Capability, TimerDefinition
from concierge_bot.desk.queues.timers import TimerKind
from concierge_bot.desk.reports import daily_summaries, taps

CAPABILITY = Capability(
    name="reports",
    commands=(
        BotCommand(
            "open",
            30,
            Section.TEAM,
            SUPERIORS,
            EVERYWHERE,
            lambda words: words.text("Open requests, most overdue first"),
        ),
        BotCommand(
            "late",
            40,
            Section.TEAM,
            SUPERIORS,
            EVERYWHERE,
            lambda words: words.text("Promises missed today"),
        ),
        BotCommand(
            "followups",
            60,
            Section.WORK,
            STAFF,
            EVERYWHERE,
            lambda words: words.context_text("command", "Follow-ups due"),
        ),
        BotCommand(
            "promises", 110, Section.TEAM, SUPERIORS, EVERYWHERE, lambda words: words.context_text("command", "Figures")
        ),
        BotCommand(
            "audit",
            117,
            Section.TEAM,
            MANAGERS,
            PRIVATE,
            lambda words: words.text("Who changed what"),
        ),
    ),
    taps=(
        taps.AUDIT,
        taps.FIGURES_OF,
        taps.SHOW_CARD,
    ),
    timers=(TimerDefinition(TimerKind.DAILY_SUMMARY, daily_summaries.fire, "The evening's or the morning's list"),),
    calendar=(CalendarEntry(TimerKind.DAILY_SUMMARY, daily_summaries.plan),),
)
