"""Telegram's HTML, entities, and lengths in UTF-16."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concierge_bot.playground import ApiError
from concierge_bot.playground.text.entities import FormattedText, piece, trimmed, with_detected
from concierge_bot.playground.text.markup import parse_markup
from concierge_bot.playground.text.rendering import escaped, render_html
from concierge_bot.playground.text.utf16 import utf16_length, utf16_slice


def entity(kind: str, offset: int, length: int, **extra: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **extra}


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("plain", "plain", []),
        ("a &lt;b&gt; &amp; &quot;c&quot; &#128512; &#x41; &nbsp;", 'a <b> & "c" 😀 A &nbsp;', []),
        ("<b>x</b><strong>y</strong>", "xy", [entity("bold", 0, 1), entity("bold", 1, 1)]),
        ("😀<i>x</i>", "😀x", [entity("italic", 2, 1)]),
        ("<em>x</em>", "x", [entity("italic", 0, 1)]),
        ("<u>x</u><ins>y</ins>", "xy", [entity("underline", 0, 1), entity("underline", 1, 1)]),
        (
            "<s>x</s><strike>y</strike><del>z</del>",
            "xyz",
            [entity("strikethrough", at, 1) for at in range(3)],
        ),
        ("<tg-spoiler>x</tg-spoiler>", "x", [entity("spoiler", 0, 1)]),
        ('<span class="tg-spoiler">x</span>', "x", [entity("spoiler", 0, 1)]),
        ("<code>x</code>", "x", [entity("code", 0, 1)]),
        (
            'at <tg-time unix="1780000000">9:05</tg-time>',
            "at 9:05",
            [entity("date_time", 3, 4, unix_time=1_780_000_000)],
        ),
        (
            '<b>at <tg-time unix="7" format="wDT">x</tg-time></b>',
            "at x",
            [entity("bold", 0, 4), entity("date_time", 3, 1, unix_time=7, date_time_format="wDT")],
        ),
        ("<pre>x</pre>", "x", [entity("pre", 0, 1)]),
        (
            '<pre><code class="language-python">x</code></pre>',
            "x",
            [entity("pre", 0, 1, language="python")],
        ),
        ("<blockquote>x</blockquote>", "x", [entity("blockquote", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [entity("expandable_blockquote", 0, 1)]),
        (
            '<a href="https://a.b/?x=1&amp;y=2">x</a>',
            "x",
            [entity("text_link", 0, 1, url="https://a.b/?x=1&y=2")],
        ),
        ("<a>example.com</a>", "example.com", [entity("text_link", 0, 11, url="example.com")]),
        ("<a href='nowhere'>x</a>", "x", []),
        ('<tg-emoji emoji-id="5">👍</tg-emoji>', "👍", [entity("custom_emoji", 0, 2, custom_emoji_id="5")]),
        ("<b>a<i>b</i></b>", "ab", [entity("bold", 0, 2), entity("italic", 1, 1)]),
        ("<B>x</b >", "x", [entity("bold", 0, 1)]),
        ("<b></b>x", "x", []),
    ],
)
def test_reading(source: str, text: str, entities: list[dict[str, Any]]) -> None:
    assert parse_markup(source) == FormattedText(text, tuple(entities))


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("<p>x</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("é<br>", 'Unsupported start tag "br" at byte offset 2'),
        ("<br/>", 'Unsupported start tag "br/" at byte offset 0'),
        ("<span>x</span>", 'Unsupported start tag "span" at byte offset 0'),
        ("<tg-time>x</tg-time>", 'Unsupported start tag "tg-time" at byte offset 0'),
        ('<tg-time unix="soon">x</tg-time>', 'Unsupported start tag "tg-time" at byte offset 0'),
        ('<tg-time unix="17" format="tw">x</tg-time>', 'Unsupported start tag "tg-time" at byte offset 0'),
        ("1 < 2", "Unclosed start tag at byte offset 2"),
        ("<3 you", "Unclosed start tag at byte offset 0"),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
    ],
)
def test_refusing(source: str, says: str) -> None:
    with pytest.raises(ApiError) as refusal:
        parse_markup(source)
    assert refusal.value.description == f"Bad Request: can't parse entities: {says}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/start code", [("bot_command", "/start")]),
        ("/claim@concierge_bot 5", [("bot_command", "/claim@concierge_bot")]),
        ("a/b and 24/7 or http", []),
        ("ask @anna_1, please", [("mention", "@anna_1")]),
        ("see https://a.b/c?d=1.", [("url", "https://a.b/c?d=1")]),
        ("mail me@a.example!", [("email", "me@a.example")]),
        ("😀 #villa7 #7", [("hashtag", "#villa7")]),
    ],
)
def test_finding_commands_and_links(text: str, found: list[tuple[str, str]]) -> None:
    entities = with_detected(FormattedText(text)).entities
    assert [(one["type"], piece(text, one)) for one in entities] == found


def test_nothing_is_found_in_code() -> None:
    parsed = parse_markup("<code>/start</code> /stop")
    assert [one["type"] for one in with_detected(parsed).entities] == ["code", "bot_command"]


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
TAGS = st.sampled_from(["b", "i", "u", "s", "code", "pre", "tg-spoiler", "blockquote"])
MARKUP = st.recursive(
    TEXT.map(lambda text: (escaped(text), [text])),
    lambda inner: st.tuples(TAGS, st.lists(inner, max_size=3)).map(
        lambda node: (
            f"<{node[0]}>" + "".join(source for source, _ in node[1]) + f"</{node[0]}>",
            ["".join(text for _, texts in node[1] for text in texts)],
        )
    ),
    max_leaves=8,
)


@given(MARKUP)
def test_markup_round_trip(sample: tuple[str, list[str]]) -> None:
    """Text survives, every entity lies within it on whole characters, and HTML reads back the same."""
    source, (text,) = sample
    parsed = parse_markup(source)
    assert parsed.text == text
    for one in parsed.entities:
        assert piece(parsed.text, one) in parsed.text
        assert utf16_length(piece(parsed.text, one)) == one["length"]
    again = parse_markup(render_html(parsed.text, parsed.entities))
    assert again.text == parsed.text
    assert {tuple(one.items()) for one in again.entities} == {tuple(one.items()) for one in parsed.entities}


@given(st.text(st.characters(exclude_categories=["Cs"])), st.data())
def test_utf16_slices(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    stop = data.draw(st.integers(start, len(text)))
    offset, length = utf16_length(text[:start]), utf16_length(text[start:stop])
    assert utf16_slice(text, offset, length) == text[start:stop]
    assert utf16_length(text) == len(text.encode("utf-16-le")) // 2


@given(st.text(alphabet=" \n😀a", max_size=10))
def test_trimming_moves_entities_along(text: str) -> None:
    whole = [entity("bold", 0, utf16_length(text))] if text else []
    result = trimmed(text, whole)
    assert result.text == text.strip()
    assert [piece(result.text, one) for one in result.entities] == ([result.text] if result.text else [])


@given(st.text(alphabet="<>/abi &;#\"'=x1", max_size=30))
def test_any_source_is_read_or_refused(source: str) -> None:
    try:
        parsed = parse_markup(source)
    except ApiError:
        return
    assert all(one["length"] > 0 for one in parsed.entities)
