"""The contributions of announcements to the rest of the program."""

from __future__ import annotations

from concierge_bot.desk.announcements import handing_over, progress, taps
from concierge_bot.desk.bot_commands import PRIVATE, SUPERIORS, BotCommand, Section
from concierge_bot.desk.capability import Capability, Swept, TimerDefinition
from concierge_bot.desk.queues.timers import TimerKind

CAPABILITY = Capability(
    name="announcements",
    commands=(
        BotCommand(
            "announce",
            120,
            Section.OWNERS,
            SUPERIORS,
            PRIVATE,
            lambda words: words.text("Send an announcement to owners"),
        ),
        BotCommand(
            "announcements",
            130,
            Section.OWNERS,
            SUPERIORS,
            PRIVATE,
            lambda words: words.text("Progress of announcements"),
        ),
    ),
    taps=(
        taps.ANNOUNCE,
        taps.ANNOUNCE_CHANGE,
        taps.ANNOUNCE_DISCARD,
        taps.ANNOUNCE_SEND,
        taps.ANNOUNCE_SHOW,
        taps.ANNOUNCE_SKIP,
        taps.ANNOUNCE_STOP,
        taps.ANNOUNCE_TEST,
        taps.ANNOUNCE_TO,
    ),
    timers=(
        TimerDefinition(
            TimerKind.ANNOUNCEMENT, progress.fire, "How far an announcement has come", Swept.WITH_ITS_ANNOUNCEMENT
        ),
    ),
    when_role_ended=(handing_over.hand_over,),
)
