"""Names in Latin letters: what is proposed, when it is asked for, and what is taken for a spelling."""

from __future__ import annotations

import pytest

from concierge_bot.address import latin


@pytest.mark.parametrize(
    ("surname", "language", "proposed"),
    [
        ("王", "zh", ["Wang", "Wong"]),
        ("曾", "zh", ["Zeng", "Tsang"]),
        ("单", "zh", ["Shan"]),
        ("吕", "zh", ["Lyu", "Lu", "Lui"]),
        ("邬", "zh", ["Wu"]),
        ("司马", None, ["Sima"]),
        ("欧阳", "zh", ["Ouyang", "Auyeung"]),
        ("林", "zh", ["Lin", "Lam", "Lim"]),
        ("林", "ja", ["Hayashi"]),
        ("田中", None, ["Tanaka"]),
        ("さくら", "ja", ["Sakura"]),
        ("タナカ", "ja", ["Tanaka"]),
        ("김", "ko", ["Kim"]),
        ("이", None, ["Lee", "Yi"]),
        ("Иванов", "ru", ["Ivanov"]),
        ("Щербаков", "ru", ["Shcherbakov"]),
        ("Римский-Корсаков", "ru", ["Rimskii-Korsakov"]),
        ("女屋", "ja", []),
        ("العلي", "ar", []),
        ("뷁", "ko", []),
    ],
)
def test_a_spelling_is_proposed_where_one_can_be_told(surname: str, language: str | None, proposed: list[str]) -> None:
    assert latin.proposals(surname, language) == proposed


@pytest.mark.parametrize(
    ("surname", "readers", "asked"),
    [
        ("王", {"en"}, True),
        ("王", {"zh"}, False),
        ("王", {"zh", "en"}, True),
        ("田中", {"zh", "ja"}, False),
        ("さくら", {"zh"}, True),
        ("김", {"ko"}, False),
        ("Wang", {"zh", "en"}, False),
        ("王 Wang", {"en"}, False),
        ("王", set(), False),
        ("☂", {"en"}, False),
    ],
)
def test_it_is_asked_for_where_somebody_cannot_read_the_name(surname: str, readers: set[str], *, asked: bool) -> None:
    assert latin.is_needed(surname, frozenset(readers)) is asked


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Wang", "Wang"),
        (" Ou yang ", "Ou yang"),
        ("O'Neill", "O'Neill"),
        ("Nguyễn", "Nguyễn"),
        ("王", None),
        ("Wang 王", None),
        ("Wang3", None),
        ("-", None),
        ("", None),
        ("a" * 31, None),
        ("<b>Wang</b>", None),
    ],
)
def test_a_spelling_has_latin_letters_only(typed: str, kept: str | None) -> None:
    assert latin.checked(typed) == kept
