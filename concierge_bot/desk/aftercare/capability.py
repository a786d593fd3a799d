"""The contributions of aftercare to the rest of the program."""

from __future__ import annotations

from concierge_bot.desk.aftercare import call_tasks, coming_back, follow_ups, sign_offs, taps
from concierge_bot.desk.capability import CalendarEntry, Capability, Swept, TimerDefinition
from concierge_bot.desk.cards import taps as card_taps
from concierge_bot.desk.queues.timers import TimerKind

CAPABILITY = Capability(
    name="aftercare",
    taps=(
        taps.CALLED,
        taps.CALL_MORE,
        card_taps.CHANGE_ANSWER,
        taps.FOLLOW_UP,
        card_taps.SIGN_OFF,
    ),
    timers=(
        TimerDefinition(TimerKind.FOLLOW_UP, follow_ups.fire, "Follow-up of a repair", Swept.WITH_ITS_REQUEST),
        TimerDefinition(TimerKind.SIGN_OFF, sign_offs.fire, "The time to sign is over", Swept.WITH_ITS_REQUEST),
        TimerDefinition(TimerKind.CALL_AGAIN, call_tasks.fire_again, "A check call, once more", Swept.WITH_ITS_REQUEST),
        TimerDefinition(TimerKind.CHECK_CALLS, call_tasks.fire, "The week's check calls"),
        TimerDefinition(TimerKind.CAME_BACK, coming_back.fire, "What an owner missed who had blocked the bot"),
    ),
    calendar=(CalendarEntry(TimerKind.CHECK_CALLS, call_tasks.plan),),
    when_done=(follow_ups.owe, sign_offs.ask),
    still_owes=(follow_ups.is_owed, sign_offs.is_owed),
    undelivered=((follow_ups.READER, follow_ups.not_delivered),),
)
