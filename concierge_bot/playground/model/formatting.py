"""The text of a call: plain, in HTML, or with entities given apart."""

from __future__ import annotations

from typing import Any

from concierge_bot.playground.errors import bad_request
from concierge_bot.playground.model.world import World
from concierge_bot.playground.text.entities import Entity, FormattedText, ordered, trimmed, with_detected
from concierge_bot.playground.text.markup import parse_markup
from concierge_bot.playground.text.utf16 import utf16_length

MAX_TEXT = 4096  # UTF-16 code units, after the entities were taken out
MAX_CAPTION = 1024


def message_text(world: World, arguments: dict[str, Any]) -> FormattedText:
    """Reads the `text` of a call.

    Raises:
        ApiError: 400 if it is empty, too long, or its markup can't be read.
    """
    formatted = _read(world, arguments, "text", "entities")
    if not formatted.text:
        raise bad_request("message text is empty")
    if utf16_length(formatted.text) > MAX_TEXT:
        raise bad_request("message is too long")
    return formatted


def caption_text(world: World, arguments: dict[str, Any]) -> FormattedText:
    """Reads the `caption` of a call, empty if it has none.

    Raises:
        ApiError: 400 if it is too long or its markup can't be read.
    """
    formatted = _read(world, arguments, "caption", "caption_entities")
    if utf16_length(formatted.text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return formatted


def _read(world: World, arguments: dict[str, Any], text: str, entities: str) -> FormattedText:
    source = arguments.get(text, "")
    mode = arguments.get("parse_mode", "").lower()
    if mode == "html":
        parsed = parse_markup(source)
    elif mode:
        world.calls.violate("parse_mode", f"the playground reads HTML only, not {mode}")
        raise bad_request("unsupported parse_mode")
    else:
        parsed = FormattedText(source, ordered(arguments.get(entities, [])))
    if parsed.entities:
        parsed = FormattedText(parsed.text, tuple(_known(world, parsed)))
    return with_detected(trimmed(parsed.text, list(parsed.entities)))


def _known(world: World, formatted: FormattedText) -> list[Entity]:
    """Keeps the entities that make sense: within the text, and of people whom the bot may know."""
    end = utf16_length(formatted.text)
    kept = []
    for entity in formatted.entities:
        if entity["length"] < 1 or not 0 <= entity["offset"] <= end - entity["length"]:
            continue
        if entity["type"] == "text_mention":
            person = world.accounts.get(entity["user"]["id"])
            if person is None:
                continue
            entity = {**entity, "user": person.wire()}  # noqa: PLW2901
        kept.append(entity)
    return kept
