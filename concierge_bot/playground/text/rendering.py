"""From plain text and entities back to Telegram's HTML, for a page or a terminal to show."""

from __future__ import annotations

from collections.abc import Sequence

from concierge_bot.playground.text.entities import Entity

TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}


def escaped(text: str) -> str:
    """Escapes a text for a place between tags."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def render_html(text: str, entities: Sequence[Entity]) -> str:
    """Renders HTML that `parse_markup` reads back as the same text and entities.

    Entities that cut across each other are shown up to the end of the outer one.
    """
    if not entities:
        return escaped(text)
    data = text.encode("utf-16-le", "surrogatepass")
    ranked = sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))
    return _render(data, ranked, 0, len(data) // 2)


def _render(data: bytes, entities: list[Entity], start: int, stop: int) -> str:
    pieces = []
    position = start
    index = 0
    while index < len(entities):
        entity = entities[index]
        begin, end = entity["offset"], min(entity["offset"] + entity["length"], stop)
        index += 1
        if begin < position or begin >= stop:
            continue
        inner = []
        while index < len(entities) and entities[index]["offset"] < end:
            inner.append(entities[index])
            index += 1
        pieces += [_plain(data, position, begin), _wrapped(entity, _render(data, inner, begin, end))]
        position = end
    pieces.append(_plain(data, position, stop))
    return "".join(pieces)


def _plain(data: bytes, start: int, stop: int) -> str:
    return escaped(data[start * 2 : stop * 2].decode("utf-16-le", "surrogatepass"))


def _wrapped(entity: Entity, content: str) -> str:
    kind = entity["type"]
    if kind == "text_link":
        return f'<a href="{_quoted(entity["url"])}">{content}</a>'
    if kind == "text_mention":
        return f'<a href="tg://user?id={entity["user"]["id"]}">{content}</a>'
    if kind == "custom_emoji":
        return f'<tg-emoji emoji-id="{_quoted(entity["custom_emoji_id"])}">{content}</tg-emoji>'
    if kind == "date_time":
        form = f' format="{entity["date_time_format"]}"' if entity.get("date_time_format") else ""
        return f'<tg-time unix="{entity["unix_time"]}"{form}>{content}</tg-time>'
    if kind == "expandable_blockquote":
        return f"<blockquote expandable>{content}</blockquote>"
    if kind == "pre" and entity.get("language"):
        return f'<pre><code class="language-{_quoted(entity["language"])}">{content}</code></pre>'
    tag = TAGS.get(kind)
    return f"<{tag}>{content}</{tag}>" if tag else content


def _quoted(value: str) -> str:
    return escaped(value).replace('"', "&quot;")
