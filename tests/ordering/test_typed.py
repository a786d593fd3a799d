"""Typed text: many spellings, one meaning."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concierge_bot.language.typed import comparable, name_of, normalised


@pytest.mark.parametrize("spelling", ["A12", "Ａ１２", "A\u200b12", "a12", " A12\ufeff ", "A١٢"])
def test_spellings_of_one_villa_compare_alike(spelling: str) -> None:
    assert comparable(spelling) == "a12"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("🌊 Flooding!", "flooding"),
        ("It’s URGENT…", "it s urgent"),
        ("燃气，漏了！", "燃气 漏了"),
        ("  Straße\n", "strasse"),
        ("👍🏽", ""),
    ],
)
def test_punctuation_case_and_emoji_do_not_count(text: str, expected: str) -> None:
    assert comparable(text) == expected


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Wang", "Wang"),
        ("\u202egnaW", "gnaW"),
        ("\u3164", ""),
        ("\u200d\u200c", ""),
        ("O’Brien", "O’Brien"),
        ("小李🐼", "小李🐼"),
        ("A\u2066n\u2069na", "Anna"),
        ("José", "José"),
    ],
)
def test_a_name_is_shown_without_what_nobody_can_see(name: str, shown: str) -> None:
    assert name_of(name) == shown


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert comparable(comparable(text)) == comparable(text)
    assert name_of(name_of(text)) == name_of(text)
    assert "  " not in normalised(text)
