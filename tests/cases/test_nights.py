"""Nights: what is not urgent rings nobody, what was seen is not forgotten, and an alarm finds somebody."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import select

from concierge_bot.desk.context import Desk
from concierge_bot.desk.timers import TimerKind
from concierge_bot.playground import Message, Person
from concierge_bot.playground.calls import Call
from storage.queues import Timer, TimerState
from storage.requests import RequestEvent
from tests.stories.cast import Cast, begins, chooses, on_stage, rested, sends
from tests.world import World, newest, order_repair, tap
