"""Phrases: what the catalogue writes, and where it is found."""

from __future__ import annotations

import pytest

from concierge_bot.language.phrases import PhraseError, Phrases


def _found(phrase: str, text: str) -> list[str]:
    phrases = Phrases({"it": [phrase]})
    said = phrases.prepared(text)
    return [said[found.start : found.end] for found in phrases.find(said)]


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("gas", "It smells of GAS!", ["gas"]),
        ("gas", "the gasket", []),
        ("burn*", "burning", ["burning"]),
        ("burn*", "a burn", ["burn"]),
        ("burn*", "sunburn", []),
        ("gas|smoke smell", "smoke smell", ["smoke smell"]),
        ("gas|smoke smell", "smoke and smell", []),
        ("gas … leak", "gas has begun to leak", ["gas has begun to leak"]),
        ("gas … leak", "gas is one two three four five six leak", []),
        ("gas … leak", "gas is off. Another leak", []),
        ("gas … leak", "gas, leak", ["gas , leak"]),
        ("=help", "Help!", ["help"]),
        ("=help", "Oh, help. Now", ["help"]),
        ("=help", "help me choose", []),
        ("left_on|open now", "left on now", ["left on now"]),
        ("can't", "cant", ["cant"]),
        ("can't", "can't", ["can t"]),
        ("着火", "厨房着火了", ["着火"]),
        ("水 … 爆", "水管都爆了", ["水管都爆"]),
        ("水|气 爆", "水爆", ["水爆"]),
        ("電梯", "电梯", ["电梯"]),
        ("电梯", "電梯", ["电梯"]),
        ("着火", "kitchen着火", ["着火"]),
        ("kitchen", "我家kitchen着火", ["kitchen"]),
    ],
)
def test_where_a_phrase_is_found(phrase: str, text: str, found: list[str]) -> None:
    assert _found(phrase, text) == found


@pytest.mark.parametrize(
    ("text", "meant"),
    [("kichen", "kitchen"), ("ktichen", "kitchen"), ("kittchen", "kitchen"), ("fier", "fire"), ("fires", "fires")],
)
def test_slips_in_words_that_it_knows_are_mended(text: str, meant: str) -> None:
    assert Phrases({"it": ["kitchen fire"]}).prepared(text) == meant


@pytest.mark.parametrize("phrase", ["", "…", "gas …", "… gas", "=", "!", "gas|", "|gas", "ab* gas", "gas + "])
def test_a_phrase_that_cannot_be_read_is_refused(phrase: str) -> None:
    with pytest.raises(PhraseError):
        Phrases({"it": [phrase]})
