"""Duty and own work: /on, /off, /duty, /my; and the supervisor's /roster and /lead."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from concierge_bot import taps
from concierge_bot.desk.people import duty_commands, rosters
from concierge_bot.desk.reports import own_work
from concierge_bot.screens import Shown
from handlers.commanding import Command, Commanded
from handlers.work import Tapped, Work


async def on(_message: Message, work: Work) -> Shown:
    """/on."""
    return await work(lambda desk, caller: duty_commands.go(desk, caller, is_on=True))


async def off(_message: Message, work: Work) -> Shown:
    """/off."""
    return await work(lambda desk, caller: duty_commands.go(desk, caller, is_on=False))


async def duty(_message: Message, work: Work) -> Shown:
    """/duty."""
    return await work(duty_commands.show)


async def my(_message: Message, work: Work) -> Shown:
    """/my."""
    return await work(own_work.show)


async def roster(_message: Message, command: Command, work: Work) -> Shown:
    """/roster [team], with lines or without."""
    text = command.args
    return await work(lambda desk, caller: rosters.command(desk, caller, text))


async def lead(_message: Message, command: Command, work: Work) -> Shown:
    """/lead NAME."""
    name = command.args
    return await work(lambda desk, caller: duty_commands.lead(desk, caller, name))


async def lead_this(_tap: CallbackQuery, arguments: tuple[int], work: Work) -> Shown:
    """One of several of one name was chosen to lead."""
    return await work(lambda desk, caller: duty_commands.lead_this(desk, caller, *arguments))


async def roster_line(_tap: CallbackQuery, arguments: tuple[int, int, int], work: Work) -> Shown:
    """One of several of one name was chosen for a line of a roster."""
    return await work(lambda desk, caller: rosters.choose(desk, caller, *arguments))


def router() -> Router:
    """Duty."""
    found = Router(name="duty")
    found.message.register(on, Commanded("on"))
    found.message.register(off, Commanded("off"))
    found.message.register(duty, Commanded("duty"))
    found.message.register(my, Commanded("my"))
    found.message.register(roster, Commanded("roster"))
    found.message.register(lead, Commanded("lead"))
    found.callback_query.register(lead_this, Tapped(taps.LEAD))
    found.callback_query.register(roster_line, Tapped(taps.ROSTER_LINE))
    return found
