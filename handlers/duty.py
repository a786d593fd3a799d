"""Duty and own work: /on, /off, /duty, /my; and the supervisor's /roster and /lead."""

from __future__ import annotations

from functools import partial

from aiogram import Router

from concierge_bot.desk.people import duty_commands, rosters
from concierge_bot.desk.reports import own_work
from handlers.routing.conversation import OnCommand, OnTap, router_of


def router() -> Router:
    """Makes the router of duty and own work."""
    return router_of(
        "duty",
        OnCommand("on", partial(duty_commands.go, is_on=True)),
        OnCommand("off", partial(duty_commands.go, is_on=False)),
        OnCommand("duty", duty_commands.show),
        OnCommand("my", own_work.show),
        OnCommand("roster", rosters.command, with_text=True),
        OnCommand("lead", duty_commands.lead, with_text=True),
        OnTap(duty_commands.LEAD, duty_commands.lead_this),
        OnTap(rosters.ROSTER_LINE, rosters.choose),
    )
