"""Keyboards: inline buttons under a message, or a keyboard in place of the letters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from concierge_bot.playground.errors import bad_request

ACTIONS = (
    "callback_data",
    "url",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
    "disabled",
)
STYLES = ("danger", "success", "primary")
LINKS = ("http://", "https://", "tg://", "ton://", "tonsite://")
MAX_BUTTONS = 100
MAX_CALLBACK_DATA = 64  # bytes
MAX_COPIED = 256


@dataclass(frozen=True, slots=True)
class Keyboard:
    """A reply markup, taken apart.

    Attributes:
        inline: the InlineKeyboardMarkup to show, None for none.
        replies: rows of labels of a reply keyboard.
    """

    inline: dict[str, Any] | None = None
    replies: list[list[str]] = field(default_factory=list)


def read_keyboard(markup: dict[str, Any] | None) -> Keyboard:
    """Reads a reply markup whose types are known to be right, and checks its values.

    Raises:
        ApiError: 400 for callback data beyond 1 to 64 bytes, a button without text or without
            exactly one action, of a style that there is not, more than 100 buttons.
    """
    if not markup:
        return Keyboard()
    if "inline_keyboard" in markup:
        return Keyboard(inline=_inline(markup["inline_keyboard"]))
    rows = markup.get("keyboard", [])
    return Keyboard(replies=[[_label(button) for button in row] for row in rows])


def _inline(rows: list[list[dict[str, Any]]]) -> dict[str, Any] | None:
    rows = [row for row in rows if row]
    if sum(len(row) for row in rows) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    for row in rows:
        for button in row:
            _check_inline(button)
    return {"inline_keyboard": rows} if rows else None


def _check_inline(button: dict[str, Any]) -> None:
    label = _label(button)
    actions = [action for action in ACTIONS if action in button]
    if len(actions) != 1:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
            if not actions
            else f"can't parse inline keyboard button: button {label} has {len(actions)} actions"
        )
    if button.get("style", STYLES[0]) not in STYLES:
        raise bad_request("can't parse inline keyboard button: Invalid button style specified")
    _check_action(button)


def _check_action(button: dict[str, Any]) -> None:
    if "callback_data" in button:
        size = len(button["callback_data"].encode())
        if not 1 <= size <= MAX_CALLBACK_DATA:
            raise bad_request("BUTTON_DATA_INVALID")
    elif "copy_text" in button and not 1 <= len(button["copy_text"]["text"]) <= MAX_COPIED:
        raise bad_request("can't parse inline keyboard button: the text to be copied must be of 1 to 256 characters")
    elif "url" in button and not _is_link(button["url"]):
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")


def _is_link(url: str) -> bool:
    """Returns whether Telegram takes a text for a link: it adds http:// to a bare host name with a dot."""
    return bool(url) and " " not in url and (url.startswith(LINKS) or "." in url.partition("/")[0])


def _label(button: dict[str, Any]) -> str:
    label = str(button["text"])
    if not label.strip():
        raise bad_request("can't parse keyboard button: button text must be non-empty")
    return label
