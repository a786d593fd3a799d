"""A fresh playground and a bare client for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from concierge_bot.playground import Group, Person, Playground
from tests.playground.client import BotClient


@pytest.fixture
async def telegram() -> AsyncIterator[Playground]:
    async with Playground() as playground:
        yield playground


@pytest.fixture
async def bot(telegram: Playground) -> AsyncIterator[BotClient]:
    async with aiohttp.ClientSession() as session:
        yield BotClient(telegram, session)


@pytest.fixture
async def wang(telegram: Playground) -> Person:
    """Returns an owner who has opened the bot."""
    person = telegram.person("Wang Wei", language_code="zh-hans", username="wang")
    await person.starts()
    return person


@pytest.fixture
def anna(telegram: Playground) -> Person:
    return telegram.person("Anna")


@pytest.fixture
def boss(telegram: Playground) -> Person:
    return telegram.person("Boss", last_name="Khun")


@pytest.fixture
def butlers(telegram: Playground, boss: Person, anna: Person) -> Group:
    """Returns a supergroup with the bot as a plain member."""
    return telegram.group("Butlers", by=boss, members=[anna], with_bot=True)
