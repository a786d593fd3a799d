"""The screens that people see: a message with its buttons, or the short answer to a tap."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any
from unicodedata import category, east_asian_width

from markupsafe import Markup

from concierge_bot.i18n import direction

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
INDENT = Markup("    ")
"""What a line begins with that belongs to the line above it."""

ANSWER_LIMIT = 200
ROW_COLUMNS = 40
"""The room for the labels of a row of buttons on a narrow phone; a letter takes one column, a Chinese character two."""

WIDE = {"W", "F"}
JOINING = {"Mn", "Me", "Cf"}


class Style(StrEnum):
    """The colour of a button. Apps that know of none show it like any other, so the words say it all."""

    SUCCESS = "success"
    """Green: what a card waits for."""
    DANGER = "danger"
    """Red: what takes something away."""


@dataclass(frozen=True)
class Button:
    """A button under a message: its label, and the data that a tap on it sends (at most 64 bytes, by the Bot API)."""

    label: str
    data: str
    style: Style | None = None

    def wire(self) -> dict[str, Any]:
        """Returns the InlineKeyboardButton of the Bot API."""
        style = {"style": self.style.value} if self.style else {}
        return {"text": self.label, "callback_data": self.data, **style}


@dataclass(frozen=True)
class CopyButton:
    """A button that copies a text (1 to 256 characters, by the Bot API) on the phone, unknown to the concierge."""

    label: str
    copied: str

    def wire(self) -> dict[str, Any]:
        """Returns the InlineKeyboardButton of the Bot API."""
        return {"text": self.label, "copy_text": {"text": self.copied}}


@dataclass(frozen=True)
class DisabledButton:
    """A button that only shows a text: a tap on it does nothing, and is told to nobody."""

    label: str

    def wire(self) -> dict[str, Any]:
        """Returns the InlineKeyboardButton of the Bot API."""
        return {"text": self.label, "disabled": {}}


AnyButton = Button | CopyButton | DisabledButton
Rows = tuple[tuple[AnyButton, ...], ...]


def button_of(wire: dict[str, Any]) -> AnyButton:
    """Reads a button back from its InlineKeyboardButton."""
    if "disabled" in wire:
        return DisabledButton(wire["text"])
    if "copy_text" in wire:
        return CopyButton(wire["text"], wire["copy_text"]["text"])
    return Button(wire["text"], wire["callback_data"], Style(wire["style"]) if "style" in wire else None)


@dataclass(frozen=True)
class Screen:
    """A message in Telegram's HTML with its rows of buttons."""

    text: Markup
    rows: Rows = ()
    awaits_answer: bool = False
    """Whether the app of whoever is named in it opens an answer to it at once; such a message has no buttons."""

    def params(self) -> dict[str, Any]:
        """Returns the parameters of sendMessage and editMessageText for this screen."""
        laid = (fitting for row in self.rows for fitting in fitted(row))
        keyboard = {"inline_keyboard": [[button.wire() for button in row] for row in laid]}
        return {
            "text": str(self.text),
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
            "reply_markup": {"force_reply": True, "selective": True} if self.awaits_answer else keyboard,
        }

    def caption_params(self) -> dict[str, Any]:
        """Returns the parameters of sendPhoto for this screen as the caption of a picture."""
        params = self.params()
        return {"caption": params["text"], "parse_mode": params["parse_mode"], "reply_markup": params["reply_markup"]}


@dataclass(frozen=True)
class Reply:
    """An answer to one person, sent after the commit; losing it costs one more tap."""

    toast: str = ""
    alert: bool = False
    screen: Screen | None = None
    in_place: bool = False
    """Whether the screen replaces the message that was tapped."""
    picture: Callable[[], bytes] | None = None
    """Draws a PNG to send before the screen: after the commit, and beside everything else."""
    caption: Screen | None = None
    """The text beneath the picture, with its buttons."""


NOTHING = Reply()


def toast(text: str, *, alert: bool = False) -> Reply:
    """Builds the short answer to a tap, cut to Telegram's limit."""
    return Reply(toast=cut(text, ANSWER_LIMIT), alert=alert)


def rows_of(buttons: Iterable[AnyButton], width: int) -> Rows:
    """Lays buttons out in rows of at most `width`."""
    laid = tuple(buttons)
    return tuple(laid[start : start + width] for start in range(0, len(laid), width))


def fitted(row: tuple[AnyButton, ...]) -> Rows:
    """Lays a row of buttons out in more rows where a label is wider than its share of the room."""
    for width in range(len(row), 1, -1):
        rows = rows_of(row, width)
        if all(columns(button.label) * len(found) <= ROW_COLUMNS for found in rows for button in found):
            return rows
    return rows_of(row, 1)


@lru_cache(maxsize=4096)
def columns(text: str) -> int:
    """Returns the columns that a text takes: two for a wide character, none for one that joins or marks another."""
    return sum(1 + (east_asian_width(letter) in WIDE) for letter in text if category(letter) not in JOINING)


def joined(lines: Iterable[Markup | str | None]) -> Markup:
    """Joins lines below each other; leaves missing ones out without a gap, and escapes plain text."""
    return Markup("\n").join(line for line in lines if line is not None)


def length(text: str) -> int:
    """Returns the length in UTF-16 code units, as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, limit: int) -> str:
    """Returns the text, cut to at most `limit` UTF-16 code units with an ellipsis; what runs its own way is closed."""
    if length(text) <= limit:
        return text
    kept = _first(text, limit - 1)
    return direction.closed(_first(kept, limit - 1 - direction.still_open(kept)) + "…")


def _first(text: str, limit: int) -> str:
    return text.encode("utf-16-le")[: 2 * limit].decode("utf-16-le", errors="ignore")
