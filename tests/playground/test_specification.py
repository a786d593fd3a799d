"""The specification that the playground checks calls by is that of the Bot API which the installed aiogram knows."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import aiogram
import pytest

from concierge_bot.playground.schema import PRIMITIVES, SPECIFICATION, Schema

TOOL = Path(__file__).parents[2] / "tools" / "botapi.py"


@pytest.fixture
def tool() -> ModuleType:
    found = importlib.util.spec_from_file_location("botapi", TOOL)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_the_specification_is_that_of_the_installed_aiogram(tool: ModuleType) -> None:
    if SPECIFICATION.read_text(encoding="utf-8") != tool.text():
        pytest.fail(
            f"{SPECIFICATION.name} is of {Schema().version}, but aiogram {aiogram.__version__} knows Bot API "
            f"{aiogram.__api_version__} or names something differently. Run `make botapi`, and read with `git diff` "
            "what changed.",
            pytrace=False,
        )


def test_every_type_that_the_specification_names_is_in_it() -> None:
    schema = Schema()
    named = {
        name.removeprefix("Array of ").removeprefix("Array of ")
        for entry in [*schema.methods.values(), *schema._types.values()]
        for types in [*(types for types, _ in entry["fields"].values()), entry.get("subtypes", [])]
        for name in types
    }
    assert named - set(PRIMITIVES) <= set(schema._types)


@pytest.mark.parametrize(
    ("of", "field", "expected"),
    [
        ("InlineKeyboardButton", "disabled", [["DisabledButton"], False]),
        ("MessageEntity", "unix_time", [["Integer"], False]),
        ("Message", "from", [["User"], False]),
        ("Message", "date", [["Integer"], True]),
        ("ReactionTypeEmoji", "type", [["String"], True]),
        ("ForceReply", "force_reply", [["Boolean"], True]),
        ("InlineKeyboardMarkup", "inline_keyboard", [["Array of Array of InlineKeyboardButton"], True]),
        ("ChatMemberUpdated", "new_chat_member", [["ChatMember"], True]),
        ("RichTextBold", "text", [["RichText"], True]),
    ],
)
def test_what_a_field_may_be_is_read_from_the_models(of: str, field: str, expected: object) -> None:
    assert Schema()._types[of]["fields"][field] == expected


@pytest.mark.parametrize(("of", "field"), [("Chat", "bio"), ("InlineQueryResultArticle", "hide_url")])
def test_what_is_deprecated_is_left_out(of: str, field: str) -> None:
    assert field not in Schema().fields(of)


def test_one_of_several_types_has_these_and_no_fields_of_its_own() -> None:
    types = Schema()._types
    assert types["MenuButton"] == {
        "fields": {},
        "subtypes": ["MenuButtonCommands", "MenuButtonWebApp", "MenuButtonDefault"],
    }
    assert set(types["MenuButtonDefault"]["fields"]) == {"type"}
