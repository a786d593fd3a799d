"""The contributions of departures to the rest of the program."""

from __future__ import annotations

from concierge_bot.desk.capability import Capability
from concierge_bot.desk.departures import taps

CAPABILITY = Capability(
    name="departures",
    taps=(
        taps.END_ROLE,
        taps.END_SURE,
        taps.END_KEEP,
        taps.MOVED_OUT,
    ),
)
