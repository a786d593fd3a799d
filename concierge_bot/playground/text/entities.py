"""Text together with the meaning of its pieces: bold, a link, a command ..."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from concierge_bot.playground.text.utf16 import utf16_length, utf16_slice

Entity = dict[str, Any]

# Inside these Telegram looks for no commands, links or names.
OPAQUE = frozenset({"code", "pre", "text_link", "text_mention"})

DETECTED = re.compile(
    r"(?P<url>https?://[^\s<>\"]+[^\s<>\".,;:!?)\]}'])"
    r"|(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?<![\w/@])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?)(?![\w/])"
    r"|(?<![\w@])(?P<mention>@[A-Za-z]\w{2,31})\b"
    r"|(?<![\w#])(?P<hashtag>#\w*[^\W\d]\w*)"
)
TRIGGERS = re.compile(r"[/@#:]")


@dataclass(frozen=True, slots=True)
class FormattedText:
    """Plain text and its entities, offsets and lengths in UTF-16 code units."""

    text: str
    entities: tuple[Entity, ...] = ()

    def wire(self, key: str = "text") -> dict[str, Any]:
        """Returns the fields of a Message: `key` is "text" or "caption"."""
        if not self.text:
            return {}
        if not self.entities:
            return {key: self.text}
        name = "entities" if key == "text" else "caption_entities"
        return {key: self.text, name: list(self.entities)}


def piece(text: str, entity: Entity) -> str:
    """Returns the part of `text` that `entity` covers."""
    return utf16_slice(text, entity["offset"], entity["length"])


def trimmed(text: str, entities: list[Entity]) -> FormattedText:
    """Returns the text without white space at both ends, which Telegram cuts off; entities move along."""
    bare = text.strip()
    if bare == text:
        return FormattedText(text, tuple(entities))
    cut = utf16_length(text[: len(text) - len(text.lstrip())])
    end = utf16_length(bare)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - cut, 0)
        stop = min(entity["offset"] + entity["length"] - cut, end)
        if stop > start:
            kept.append({**entity, "offset": start, "length": stop - start})
    return FormattedText(bare, tuple(kept))


def with_detected(formatted: FormattedText) -> FormattedText:
    """Adds the entities that Telegram finds by itself: commands, mentions, hashtags, links, mail addresses."""
    text = formatted.text
    if not TRIGGERS.search(text):
        return formatted
    closed = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in formatted.entities
        if entity["type"] in OPAQUE
    ]
    found = list(formatted.entities)
    for match in DETECTED.finditer(text):
        offset = utf16_length(text[: match.start()])
        length = utf16_length(match.group())
        if not any(start < offset + length and offset < stop for start, stop in closed):
            found.append({"type": str(match.lastgroup), "offset": offset, "length": length})
    return FormattedText(text, ordered(found))


def ordered(entities: list[Entity]) -> tuple[Entity, ...]:
    """Sorts entities by place, the outer before the inner."""
    return tuple(sorted(entities, key=lambda entity: (entity["offset"], -entity["length"])))
