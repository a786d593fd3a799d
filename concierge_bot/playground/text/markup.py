"""Telegram's HTML: from the source a bot sends to plain text and entities."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from concierge_bot.playground.errors import ApiError, bad_request
from concierge_bot.playground.text.entities import Entity, FormattedText, ordered
from concierge_bot.playground.text.utf16 import utf16_length

SIMPLE_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "tg-spoiler": "spoiler",
    "blockquote": "blockquote",
}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}

TOKEN = re.compile(r"<|&(?:#(?P<decimal>\d+)|#[xX](?P<hex>[0-9a-fA-F]+)|(?P<named>lt|gt|amp|quot));?")
END_TAG = re.compile(r"</\s*([^\s<>]*)\s*>")
START_TAG = re.compile(r"<([^\s<>/=\"']+)((?:\s+[^\s=<>/\"']+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s<>\"']+))?)*)\s*>")
ATTRIBUTE = re.compile(r"([^\s=<>/\"']+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s<>\"']+)))?")
MOMENT = re.compile(r"\d{1,10}")
MOMENT_FORMAT = re.compile(r"r|w?[dD]?[tT]?")
USER_LINK = re.compile(r"tg://user\?id=(\d+)")
WEB_LINK = re.compile(r"(?:https?|tg|mailto|tel|tonsite):[^\s]+|[\w-]+(?:\.[\w-]+)+(?:[/?#:][^\s]*)?")


@dataclass(slots=True)
class OpenTag:
    """A start tag that waits for its end."""

    name: str
    entity: Entity
    offset: int
    content_from: int


class MarkupParser:
    """A parser of one text; `parse` gives the result.

    Raises:
        ApiError: 400 "can't parse entities: ..." for a tag that Telegram does not know, or one
            that is not closed, or closed in the wrong order.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._pieces: list[str] = []
        self._length = 0
        self._open: list[OpenTag] = []
        self._entities: list[Entity] = []

    def parse(self) -> FormattedText:
        """Parses the text into plain text with its entities."""
        position = 0
        while found := TOKEN.search(self._source, position):
            self._add(self._source[position : found.start()])
            if found.group() == "<":
                position = self._tag(found.start())
            else:
                self._add(_character(found))
                position = found.end()
        self._add(self._source[position:])
        if self._open:
            raise _unreadable(f'Can\'t find end tag corresponding to start tag "{self._open[-1].name}"')
        return FormattedText("".join(self._pieces), ordered(self._entities))

    def _add(self, text: str) -> None:
        if text:
            self._pieces.append(text)
            self._length += utf16_length(text)

    def _tag(self, position: int) -> int:
        if end := END_TAG.match(self._source, position):
            self._close(end.group(1).lower(), position)
            return end.end()
        start = START_TAG.match(self._source, position)
        if start is None:
            raise self._bad_start(position)
        name = start.group(1).lower()
        in_pre = bool(self._open) and self._open[-1].name == "pre"
        entity = _entity(name, _attributes(start.group(2)), in_pre)
        if entity is None:
            raise self._bad_start(position)
        self._open.append(OpenTag(name, entity, self._length, len(self._pieces)))
        return start.end()

    def _bad_start(self, position: int) -> ApiError:
        where = f"at byte offset {self._bytes(position)}"
        name = re.match(r"<([^\s<>]*)[^<>]*>", self._source[position:])
        if name is None:
            return _unreadable(f"Unclosed start tag {where}")
        return _unreadable(f'Unsupported start tag "{name.group(1)}" {where}')

    def _close(self, name: str, position: int) -> None:
        if not self._open:
            raise _unreadable(f"Unexpected end tag at byte offset {self._bytes(position)}")
        tag = self._open.pop()
        if name and name != tag.name:
            raise _unreadable(
                f'Unmatched end tag at byte offset {self._bytes(position)}, expected "</{tag.name}>", found "</{name}>"'
            )
        length = self._length - tag.offset
        entity = self._finished(tag)
        if length and entity is not None:
            self._entities.append({**entity, "offset": tag.offset, "length": length})

    def _finished(self, tag: OpenTag) -> Entity | None:
        entity = tag.entity
        kind = entity["type"]
        if kind == "language":  # <pre><code class="language-x">: one entity, carried by the pre
            self._open[-1].entity = {"type": "pre", "language": entity["language"]}
            return None
        if kind != "text_link":
            return entity
        url = entity["url"] or "".join(self._pieces[tag.content_from :])
        return {"type": "text_link", "url": url} if WEB_LINK.fullmatch(url) else None

    def _bytes(self, position: int) -> int:
        return len(self._source[:position].encode("utf-8", "surrogatepass"))


def parse_markup(source: str) -> FormattedText:
    """Parses Telegram's HTML into plain text and entities.

    Raises:
        ApiError: 400 "can't parse entities: ...".
    """
    if "<" not in source and "&" not in source:
        return FormattedText(source)
    return MarkupParser(source).parse()


def _unreadable(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason}")


def _character(found: re.Match[str]) -> str:
    if named := found["named"]:
        return NAMED[named]
    code = int(found["decimal"]) if found["decimal"] else int(found["hex"], 16)
    # Zero, halves of surrogate pairs and what is beyond Unicode stay as they were written.
    if code == 0 or code > 0x10FFFF or 0xD800 <= code < 0xE000:
        return found.group()
    return chr(code)


def _attributes(source: str) -> dict[str, str]:
    attributes = {}
    for match in ATTRIBUTE.finditer(source):
        value = next((group for group in match.groups()[1:] if group is not None), "")
        attributes[match.group(1).lower()] = _unescaped(value)
    return attributes


def _unescaped(value: str) -> str:
    return TOKEN.sub(lambda found: found.group() if found.group() == "<" else _character(found), value)


def _entity(name: str, attributes: dict[str, str], in_pre: bool) -> Entity | None:
    """Returns the entity that a start tag means; None for a tag that Telegram does not support."""
    if name == "code" and in_pre and attributes.get("class", "").startswith("language-"):
        return {"type": "language", "language": attributes["class"].removeprefix("language-")}
    if name == "blockquote" and "expandable" in attributes:
        return {"type": "expandable_blockquote"}
    if name in SIMPLE_TAGS:
        return {"type": SIMPLE_TAGS[name]}
    return _special(name, attributes)


def _special(name: str, attributes: dict[str, str]) -> Entity | None:
    if name == "span" and attributes.get("class") == "tg-spoiler":
        return {"type": "spoiler"}
    if name == "tg-emoji" and attributes.get("emoji-id"):
        return {"type": "custom_emoji", "custom_emoji_id": attributes["emoji-id"]}
    if name == "tg-time":
        return _moment(attributes.get("unix", ""), attributes.get("format", ""))
    if name == "a":
        target = attributes.get("href", "")
        if person := USER_LINK.fullmatch(target):
            return {"type": "text_mention", "user": _user_stub(int(person.group(1)))}
        return {"type": "text_link", "url": target}
    return None


def _moment(unix: str, form: str) -> Entity | None:
    """Returns the entity of a moment; without a format its text is shown as it is, and the reader's time on a tap."""
    if MOMENT.fullmatch(unix) is None or MOMENT_FORMAT.fullmatch(form) is None:
        return None
    return {"type": "date_time", "unix_time": int(unix), **({"date_time_format": form} if form else {})}


def _user_stub(user_id: int) -> dict[str, Any]:
    return {"id": user_id, "is_bot": False, "first_name": str(user_id)}
