"""The contributions of lost property to the rest of the program."""

from __future__ import annotations

from concierge_bot.desk.lost_property import items, reminding, taps
from storage.tables.lost_property import LOST_ITEM

from concierge_bot.desk.bot_commands import EVERYWHERE, STAFF, BotCommand, Section
from concierge_bot.desk.capability import Capability, CardDefinition, TimerDefinition

CAPABILITY = Capability(
    name="lost_property",
    commands=(
        BotCommand("found", 65, Section.WORK, STAFF, EVERYWHERE, lambda words: words.text("You have found something")),
    ),
    taps=(taps.STORE, taps.RETURN),
    cards=(
        CardDefinition(
            LOST_ITEM,
            refresh=items.refresh,
            show_anew=items.refresh,
            show_all=items.show_all,
            of_use=items.OF_USE,
            undelivered=items.not_delivered,
        ),
    ),
    timers=(TimerDefinition(reminding.KIND, reminding.fire, "What was found is to be stored"),),
    still_owes=(items.is_owed,),
)
