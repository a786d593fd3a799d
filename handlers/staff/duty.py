"""Duty and own work: /on, /off, /duty, /my; and the supervisor's /roster and /lead."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import Message

from concierge_bot.desk import duty_commands, own_work, rosters
from concierge_bot.screens import Shown
from handlers.commanding import Command, Commanded
from handlers.work import Work


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


def router() -> Router:
    """Duty."""
    found = Router(name="duty")
    found.message.register(on, Commanded("on"))
    found.message.register(off, Commanded("off"))
    found.message.register(duty, Commanded("duty"))
    found.message.register(my, Commanded("my"))
    found.message.register(roster, Commanded("roster"))
    found.message.register(lead, Commanded("lead"))
    return found
