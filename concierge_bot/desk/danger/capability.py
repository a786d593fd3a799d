"""The contributions of danger to the rest of the program."""

from __future__ import annotations

from concierge_bot.desk.capability import Capability, TimerDefinition
from concierge_bot.desk.danger import dangers
from concierge_bot.desk.ordering import taps as ordering_taps
from concierge_bot.desk.queues.timers import TimerKind

CAPABILITY = Capability(
    name="danger",
    taps=(
        ordering_taps.CAN_WAIT,
        ordering_taps.COME,
    ),
    timers=(TimerDefinition(TimerKind.DANGER, dangers.fire, "Somebody said danger and may not have answered"),),
)
