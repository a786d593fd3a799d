"""What people see: a message with its buttons, or the short answer to a tap."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from markupsafe import Markup

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
ANSWER_LIMIT = 200


class Style(StrEnum):
    """The colour of a button. Apps that know of none show it like any other, so the words say it all."""

    SUCCESS = "success"
    """Green: what a card waits for."""
    DANGER = "danger"
    """Red: what takes something away."""


@dataclass(frozen=True)
class Button:
    """A button under a message: what it says, and what a tap on it sends (at most 64 bytes)."""

    label: str
    data: str
    style: Style | None = None

    def wire(self) -> dict[str, Any]:
        """As the Bot API wants it."""
        style = {"style": self.style.value} if self.style else {}
        return {"text": self.label, "callback_data": self.data, **style}


@dataclass(frozen=True)
class CopyButton:
    """A button that copies a text (of at most 256 characters) on the phone; the concierge does not hear of it."""

    label: str
    copied: str

    def wire(self) -> dict[str, Any]:
        """As the Bot API wants it."""
        return {"text": self.label, "copy_text": {"text": self.copied}}


@dataclass(frozen=True)
class DisabledButton:
    """A button that only says something: a tap on it does nothing, and is told to nobody."""

    label: str

    def wire(self) -> dict[str, Any]:
        """As the Bot API wants it."""
        return {"text": self.label, "disabled": {}}


AnyButton = Button | CopyButton | DisabledButton
Rows = tuple[tuple[AnyButton, ...], ...]


def button_of(wire: dict[str, Any]) -> AnyButton:
    """The button that was written down as the Bot API wants it."""
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
        """The parameters of sendMessage and editMessageText that say it."""
        keyboard = {"inline_keyboard": [[button.wire() for button in row] for row in self.rows]}
        return {
            "text": str(self.text),
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
            "reply_markup": {"force_reply": True, "selective": True} if self.awaits_answer else keyboard,
        }


@dataclass(frozen=True)
class Reply:
    """What merely answers a person: sent after the commit; losing it costs one more tap."""

    toast: str = ""
    alert: bool = False
    screen: Screen | None = None
    in_place: bool = False
    """Whether the screen replaces the message that was tapped."""
    picture: Callable[[], bytes] | None = None
    """Draws a PNG to send before the screen: after the commit, and beside everything else."""


NOTHING = Reply()


def toast(text: str, *, alert: bool = False) -> Reply:
    """The short answer to a tap, cut to what Telegram shows."""
    return Reply(toast=cut(text, ANSWER_LIMIT), alert=alert)


def rows_of(buttons: Iterable[AnyButton], width: int) -> Rows:
    """Lays buttons out in rows of at most `width`."""
    laid = tuple(buttons)
    return tuple(laid[start : start + width] for start in range(0, len(laid), width))


def joined(lines: Iterable[Markup | str | None]) -> Markup:
    """Lines below each other; missing ones leave no gap, plain text is escaped."""
    return Markup("\n").join(line for line in lines if line is not None)


def length(text: str) -> int:
    """The length as Telegram counts it, in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, limit: int) -> str:
    """The text, or its beginning and an ellipsis, in at most `limit` UTF-16 units."""
    if length(text) <= limit:
        return text
    kept = text.encode("utf-16-le")[: 2 * (limit - 1)].decode("utf-16-le", errors="ignore")
    return kept + "…"
