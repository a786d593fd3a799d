"""What operations contribute to the rest of the program."""

from __future__ import annotations

from concierge_bot.desk.capability import Capability, TimerType
from concierge_bot.desk.operations import cleaning
from concierge_bot.desk.queues.timers import TimerKind

CAPABILITY = Capability(
    name="operations",
    timers=(TimerType(TimerKind.CLEANING, cleaning.fire, "What is long over is deleted"),),
)
