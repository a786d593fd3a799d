"""The contributions of staff chats to the rest of the program."""

from __future__ import annotations

from concierge_bot.desk.bot_commands import GROUP, SUPERIORS, BotCommand, Section
from concierge_bot.desk.capability import Capability, TimerDefinition
from concierge_bot.desk.menus import taps as menu_taps
from concierge_bot.desk.queues.timers import TimerKind
from concierge_bot.desk.staff_chats import boards, taps

CAPABILITY = Capability(
    name="staff_chats",
    commands=(
        BotCommand(
            "staffchat",
            150,
            Section.GROUP,
            SUPERIORS,
            GROUP,
            lambda words: words.text("Make this group a staff chat"),
            in_any_group=True,
        ),
    ),
    taps=(
        menu_taps.CHAT_LANGUAGE,
        taps.STAFF_CHAT,
    ),
    timers=(TimerDefinition(TimerKind.BOARD, boards.fire, "The boards in the staff's groups"),),
    look_again=(boards.look_at_all,),
)
