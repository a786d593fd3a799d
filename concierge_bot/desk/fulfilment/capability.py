"""The contributions of fulfilment to the rest of the program."""

from __future__ import annotations

from concierge_bot.desk.bot_commands import EVERYWHERE, STAFF, BotCommand, Section
from concierge_bot.desk.capability import Capability, Swept, TimerDefinition
from concierge_bot.desk.cards import taps as card_taps
from concierge_bot.desk.fulfilment import apologies, appointments, check_ins, completing, escalation, taps
from concierge_bot.desk.queues.timers import TimerKind

CAPABILITY = Capability(
    name="fulfilment",
    commands=(
        BotCommand("my", 50, Section.WORK, STAFF, EVERYWHERE, lambda words: words.text("What you have in hand")),
    ),
    taps=(
        card_taps.ASSIGN,
        taps.ASSIGN_BACK,
        taps.ASSIGN_TO,
        card_taps.CANCEL,
        taps.CANCEL_SURE,
        card_taps.CLAIM,
        card_taps.DELAY,
        card_taps.DONE,
        card_taps.ESCALATION_SEEN,
        card_taps.MOVE,
        card_taps.FILES,
        taps.ON_ALL,
        taps.ON_IT,
        card_taps.ON_MY_WAY,
        card_taps.ON_SITE,
        taps.PROPOSAL,
        card_taps.PROPOSE,
        card_taps.RELEASE,
        card_taps.REMIND,
        taps.SHOW,
        card_taps.SNOOZE,
        card_taps.TAKE,
        card_taps.UNDO,
    ),
    timers=(
        TimerDefinition(TimerKind.ESCALATE, escalation.fire, "A promise falls due", Swept.WITH_ITS_REQUEST),
        TimerDefinition(TimerKind.STALE, check_ins.fire, "Is whoever has it at it?", Swept.WITH_ITS_REQUEST),
        TimerDefinition(
            TimerKind.DONE_TOLD, completing.fire, "The owner hears that it is done", Swept.WITH_ITS_REQUEST
        ),
        TimerDefinition(
            TimerKind.APOLOGY, apologies.fire, "A word to an owner whom we let wait", Swept.WITH_ITS_REQUEST
        ),
        TimerDefinition(
            TimerKind.APPOINTMENT, appointments.fire, "Whoever has an appointment is reminded", Swept.WITH_ITS_REQUEST
        ),
    ),
    look_again=(escalation.resume_forgotten, appointments.plan_forgotten),
)
