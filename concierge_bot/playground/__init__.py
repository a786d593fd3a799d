"""A Telegram of one's own on loopback: the Bot API over real HTTP, with people who write and tap.

async with Playground() as telegram:
    wang = telegram.person("Wang Wei", language_code="zh-hans")
    ...  # run a bot against telegram.api_url with telegram.token
    await wang.starts()
    card = await wang.sees("Welcome")
    await wang.taps(card, "Taxi")
"""

from __future__ import annotations

from concierge_bot.playground.calls import Call
from concierge_bot.playground.errors import ApiError
from concierge_bot.playground.faults import Fault, FaultKind, Faults
from concierge_bot.playground.model.accounts import Account, Bot
from concierge_bot.playground.model.changes import Event, Subscription
from concierge_bot.playground.model.messages import Button, Media, Message
from concierge_bot.playground.model.taps import TapAnswer
from concierge_bot.playground.people.groups import Group
from concierge_bot.playground.people.people import Person
from concierge_bot.playground.people.writing import Attachment
from concierge_bot.playground.playground import Playground
from concierge_bot.playground.server.limits import RateLimits

__all__ = [
    "Account",
    "ApiError",
    "Attachment",
    "Bot",
    "Button",
    "Call",
    "Event",
    "Fault",
    "FaultKind",
    "Faults",
    "Group",
    "Media",
    "Message",
    "Person",
    "Playground",
    "RateLimits",
    "Subscription",
    "TapAnswer",
]
