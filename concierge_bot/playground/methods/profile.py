"""Methods about the bot itself: name, descriptions, commands, menu button."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from concierge_bot.playground.errors import bad_request
from concierge_bot.playground.model.rights import find_chat
from concierge_bot.playground.model.world import World
from concierge_bot.playground.server.parameters import Arguments
from concierge_bot.playground.text.utf16 import utf16_length

Json = dict[str, Any]
Handler = Callable[[World, Arguments], Any]

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE = re.compile(r"[a-z]{2}|")  # two letters of ISO 639-1, or none
TEXTS = {
    "Name": ("name", 64),
    "Description": ("description", 512),
    "ShortDescription": ("short_description", 120),
}
DEFAULT_SCOPE = {"type": "default"}


def get_me(world: World, arguments: Arguments) -> Json:  # noqa: ARG001
    """Implements `getMe`."""
    return world.bot.wire() | {
        "can_join_groups": world.bot.joins_groups,
        "can_read_all_group_messages": not world.bot.privacy_mode,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def set_my_commands(world: World, arguments: Arguments) -> bool:
    """Implements `setMyCommands`."""
    _require_scope(world, arguments.get("scope") or DEFAULT_SCOPE)
    commands = arguments["commands"]
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for entry in commands:
        if not COMMAND.fullmatch(entry["command"].removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= utf16_length(entry["description"]) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    kept = [{**entry, "command": entry["command"].removeprefix("/")} for entry in commands]
    world.bot.profile[commands_key(arguments.get("scope"), language(arguments))] = kept
    return True


def get_my_commands(world: World, arguments: Arguments) -> list[Json]:
    """Implements `getMyCommands`: of exactly this scope and language, without a fallback."""
    key = commands_key(arguments.get("scope"), language(arguments))
    return list(world.bot.profile.get(key, []))


def delete_my_commands(world: World, arguments: Arguments) -> bool:
    """Implements `deleteMyCommands`."""
    _require_scope(world, arguments.get("scope") or DEFAULT_SCOPE)
    world.bot.profile.pop(commands_key(arguments.get("scope"), language(arguments)), None)
    return True


def commands_key(scope: Json | None, language_code: str) -> tuple[str, ...]:
    """Returns the key under which the profile holds the commands of a scope and a language."""
    return ("commands", json.dumps(scope or DEFAULT_SCOPE, sort_keys=True), language_code)


def _require_scope(world: World, scope: Json) -> None:
    """Checks a scope: the bot knows its chat, and its user is in there.

    Raises:
        ApiError: 400 otherwise.
    """
    if "chat_id" not in scope:
        return
    chat = find_chat(world, scope["chat_id"])
    if chat.person is not None and not chat.started:
        raise bad_request("chat not found")
    if "user_id" in scope and not any(key == scope["user_id"] and one.present for key, one in chat.members.items()):
        raise bad_request("PARTICIPANT_ID_INVALID")


def language(arguments: Arguments) -> str:
    """Returns the `language_code` of a call, empty if it has none.

    Raises:
        ApiError: 400 if it is not of two letters ("zh", not "zh-hans").
    """
    code = str(arguments.get("language_code", ""))
    if not LANGUAGE.fullmatch(code):
        raise bad_request("invalid language code specified")
    return code


def _text_setter(field: str, limit: int) -> Handler:
    def method(world: World, arguments: Arguments) -> bool:
        text = arguments.get(field, "")
        if utf16_length(text) > limit:
            raise bad_request(f"bot {field.replace('_', ' ')} is too long")
        world.bot.profile[(field, language(arguments))] = text
        return True

    return method


def _text_getter(field: str) -> Handler:
    def method(world: World, arguments: Arguments) -> Json:
        default = world.bot.first_name if field == "name" else ""
        profile = world.bot.profile
        text = profile.get((field, language(arguments))) or profile.get((field, "")) or default
        return {field: text}

    return method


def set_chat_menu_button(world: World, arguments: Arguments) -> bool:
    """Implements `setChatMenuButton`."""
    button = arguments.get("menu_button", {"type": "default"})
    world.bot.profile[_menu_key(world, arguments)] = button
    return True


def get_chat_menu_button(world: World, arguments: Arguments) -> Json:
    """Implements `getChatMenuButton`."""
    profile = world.bot.profile
    default = profile.get(("menu_button", ""), {"type": "commands"})
    return dict(profile.get(_menu_key(world, arguments), default))


def _menu_key(world: World, arguments: Arguments) -> tuple[str, ...]:
    if "chat_id" not in arguments:
        return ("menu_button", "")
    return ("menu_button", str(find_chat(world, arguments["chat_id"]).id))


METHODS: dict[str, Handler] = {
    "getMe": get_me,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setChatMenuButton": set_chat_menu_button,
    "getChatMenuButton": get_chat_menu_button,
}
for _name, (_field, _limit) in TEXTS.items():
    METHODS[f"setMy{_name}"] = _text_setter(_field, _limit)
    METHODS[f"getMy{_name}"] = _text_getter(_field)
