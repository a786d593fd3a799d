"""What announcements contribute to the rest of the program."""

from __future__ import annotations

from concierge_bot.desk.announcements import progress
from concierge_bot.desk.capability import Capability, Swept, TimerType
from concierge_bot.desk.queues.timers import TimerKind

CAPABILITY = Capability(
    name="announcements",
    timers=(
        TimerType(
            TimerKind.ANNOUNCEMENT, progress.fire, "How far an announcement has come", Swept.WITH_ITS_ANNOUNCEMENT
        ),
    ),
)
