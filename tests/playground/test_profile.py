"""What the bot says about itself."""

from __future__ import annotations

from typing import Any

import pytest

from concierge_bot.playground import Person
from tests.playground.client import BotClient

HELP = [{"command": "help", "description": "What I can do"}]
HILFE = [{"command": "help", "description": "Was ich kann"}]


async def test_commands(bot: BotClient, wang: Person) -> None:
    scope = {"type": "chat", "chat_id": wang.id}
    await bot.do("setMyCommands", commands=HELP)
    await bot.do("setMyCommands", commands=HILFE, language_code="de", scope=scope)
    assert await bot.do("getMyCommands") == HELP
    assert await bot.do("getMyCommands", language_code="de") == []
    assert bot.telegram.commands() == HELP
    assert bot.telegram.commands(scope, "de") == HILFE
    assert bot.telegram.commands("all_private_chats") == []
    await bot.do("deleteMyCommands")
    assert bot.telegram.commands() == []


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"commands": [{"command": "Help", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "help", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": HELP * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": HELP, "language_code": "zh-hans"}, "invalid language code specified"),
    ],
)
async def test_wrong_commands(bot: BotClient, params: dict[str, Any], says: str) -> None:
    assert (await bot.ask("setMyCommands", **params)).description == f"Bad Request: {says}"


@pytest.mark.parametrize(
    ("name", "field", "limit", "default"),
    [
        ("Name", "name", 64, "Concierge"),
        ("Description", "description", 512, ""),
        ("ShortDescription", "short_description", 120, ""),
    ],
)
async def test_texts(bot: BotClient, name: str, field: str, limit: int, default: str) -> None:
    assert await bot.do(f"getMy{name}") == {field: default}
    await bot.do(f"setMy{name}", **{field: "x" * limit})
    await bot.do(f"setMy{name}", **{field: "y"}, language_code="de")
    assert await bot.do(f"getMy{name}", language_code="fr") == {field: "x" * limit}
    assert await bot.do(f"getMy{name}", language_code="de") == {field: "y"}
    assert (await bot.ask(f"setMy{name}", **{field: "x" * (limit + 1)})).status == 400


async def test_menu_button(bot: BotClient, wang: Person) -> None:
    assert await bot.do("getChatMenuButton") == {"type": "commands"}
    await bot.do("setChatMenuButton", menu_button={"type": "default"})
    await bot.do("setChatMenuButton", chat_id=wang.id, menu_button={"type": "commands"})
    assert await bot.do("getChatMenuButton") == {"type": "default"}
    assert await bot.do("getChatMenuButton", chat_id=wang.id) == {"type": "commands"}
    assert bot.telegram.violations == []


@pytest.mark.parametrize("method", ["logOut", "close"])
async def test_farewell(bot: BotClient, method: str) -> None:
    assert await bot.do(method) is True
