"""The contributions of operations to the rest of the program."""

from __future__ import annotations

from concierge_bot.desk.capability import Capability, CardDefinition, TimerDefinition
from concierge_bot.desk.cards import cards
from concierge_bot.desk.operations import cleaning, undeliverable
from concierge_bot.desk.queues.timers import TimerKind
from storage.tables.subjects import REQUEST

CAPABILITY = Capability(
    name="operations",
    cards=(
        CardDefinition(
            REQUEST,
            refresh=cards.refresh_card,
            show_anew=cards.show_anew,
            show_all=cards.show_team_its_open_requests,
            of_use=cards.OF_USE,
            undelivered=undeliverable.about_a_request,
        ),
    ),
    timers=(TimerDefinition(TimerKind.CLEANING, cleaning.fire, "What is long over is deleted"),),
)
