"""The text of a message with further content: the addresses behind its links, and its quotation."""

from __future__ import annotations

from aiogram.types import Message

from concierge_bot.screens import cut

LONGEST_QUOTE = 500


def text_of(message: Message) -> str:
    """Returns the words of a message, or its caption, each link with its address behind it."""
    text = message.text or message.caption or ""
    links = [entity for entity in message.entities or message.caption_entities or () if entity.url]
    units = text.encode("utf-16-le")
    for link in sorted(links, key=lambda entity: entity.offset, reverse=True):
        end = 2 * (link.offset + link.length)
        covered = units[2 * link.offset : end].decode("utf-16-le", errors="ignore")
        if covered and link.url and link.url not in covered:
            units = units[:end] + f" ({link.url})".encode("utf-16-le") + units[end:]
    return units.decode("utf-16-le", errors="ignore")


def quoted_by(message: Message) -> str:
    """Returns the text that a message refers to, to stand before its own: a quotation, or an own earlier message."""
    quoted = message.quote.text if message.quote is not None else _own_words(message)
    return f"“{cut(quoted.strip(), LONGEST_QUOTE)}”\n" if quoted.strip() else ""


def _own_words(message: Message) -> str:
    answered = message.reply_to_message
    if answered is None or message.from_user is None or answered.from_user is None:
        return ""
    is_own = answered.from_user.id == message.from_user.id
    return (answered.text or answered.caption or "") if is_own else ""
