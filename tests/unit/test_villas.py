"""Villas in sentences: as people of a language call them."""

from __future__ import annotations

import pytest

from concierge_bot.desk.people.villas import called
from concierge_bot.i18n import words


@pytest.mark.parametrize(
    ("name", "english", "chinese"),
    [
        ("8", "Villa 8", "8号别墅"),
        ("A12", "Villa A12", "A12号别墅"),
        ("１２", "Villa １２", "１２号别墅"),
        ("8号楼", "Villa 8号楼", "8号楼"),
        ("听雨轩", "Villa 听雨轩", "听雨轩"),
        ("Lotus House", "Villa Lotus House", "Lotus House"),
    ],
)
def test_a_villa_is_called_by_its_number_or_by_its_name(name: str, english: str, chinese: str) -> None:
    assert (called(words("en"), name), called(words("zh"), name)) == (english, chinese)
