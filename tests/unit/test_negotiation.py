"""Languages asked for by a phone or by name: the nearest one that is spoken, whichever those are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from concierge_bot.address import titles
from concierge_bot.i18n import (
    codes,
    language_named,
    language_of,
    languages,
    nearest,
    negotiation,
    of_menus,
    spoken,
    table,
    words,
)

TWELVE = ("en", "zh_Hans", "zh_Hant", "ja", "ko", "de", "fr", "es", "it", "pt_BR", "ru", "ar")


@pytest.fixture
def all_of_them(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Lets every language of the table be spoken, whether it has words yet or not."""
    monkeypatch.setattr(negotiation, "languages", lambda: TWELVE)
    negotiation.spoken.cache_clear()
    yield
    negotiation.spoken.cache_clear()


NEAREST = [
    *(("zh", "zh_Hans"), ("zh-CN", "zh_Hans"), ("zh-hans", "zh_Hans"), ("zh_SG", "zh_Hans"), ("ZH-MY", "zh_Hans")),
    *(("zh-TW", "zh_Hant"), ("zh-HK", "zh_Hant"), ("zh-MO", "zh_Hant"), ("zh-Hant", "zh_Hant")),
    *(("zh-Hans-HK", "zh_Hans"), ("zh-Hant-CN", "zh_Hant"), ("zh-hant-tw", "zh_Hant")),
    *(("yue", "zh_Hant"), ("yue-HK", "zh_Hant"), ("yue-CN", "zh_Hans"), ("yue-Hans", "zh_Hans"), ("cmn", "zh_Hans")),
    *(("pt", "pt_BR"), ("pt-PT", "pt_BR"), ("pt-br", "pt_BR"), ("pt_AO", "pt_BR")),
    *(("de-AT", "de"), ("de-CH-1996", "de"), ("es-419", "es"), ("fr-CA", "fr"), ("it-CH", "it"), ("ar-EG", "ar")),
    *(("en-GB", "en"), ("en-US-u-hc-h23", "en"), ("ru-KZ", "ru"), ("ja-JP", "ja"), ("ko-KR", "ko"), ("KO", "ko")),
]
NOT_SPOKEN = [
    ("nb", "en"),
    ("sv", "en"),
    ("tlh", "en"),
    ("be", "ru"),
    ("ca", "es"),
    ("gsw", "de"),
    ("br", "fr"),
    ("bo", "zh_Hans"),
]
NO_TAGS = ("", None, "../zh", "zhuang", "z", "Deutsch", "de;q=0.8", "🇩🇪", "x-private")


@pytest.mark.usefixtures("all_of_them")
def test_a_phone_is_spoken_to_in_the_nearest_language() -> None:
    assert [(tag, spoken(tag), nearest(tag)) for tag, _ in NEAREST] == [(tag, code, code) for tag, code in NEAREST]


@pytest.mark.usefixtures("all_of_them")
def test_a_language_that_is_not_spoken_is_none_of_ours_and_the_question_comes_in_a_second_one() -> None:
    assert [(tag, spoken(tag), nearest(tag)) for tag, _ in NOT_SPOKEN] == [
        (tag, None, code) for tag, code in NOT_SPOKEN
    ]
    assert [(tag, spoken(tag), nearest(tag)) for tag in NO_TAGS] == [(tag, None, "en") for tag in NO_TAGS]


def test_the_other_script_serves_until_its_own_has_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(negotiation, "languages", lambda: ("en", "zh_Hans"))
    negotiation.spoken.cache_clear()
    assert spoken("zh-TW") == spoken("yue") == "zh_Hans"
    negotiation.spoken.cache_clear()


def test_a_language_is_known_by_what_it_was_called_before() -> None:
    assert language_of("zh") == language_of("zh_Hans") == "zh_Hans"
    assert words("zh") is words("zh_Hans")
    assert language_of("tlh") is language_of(None) is None
    assert set(languages()) < set(codes())


@pytest.mark.parametrize(
    "typed", ["zh", "ZH-cn", "zh_Hans", "中文", "简体中文", "Chinese", "simplified  chinese", "ｚｈ"]
)
def test_a_language_is_named_as_people_name_it(typed: str) -> None:
    assert language_named(typed) == "zh_Hans"


def test_the_table_has_a_row_for_every_folder_of_words_and_is_whole() -> None:
    folders = {path.parent.parent.name for path in Path(table.LOCALES).glob("*/LC_MESSAGES/*.po")}
    assert folders <= set(table.table()) == set(TWELVE)
    assert set(languages()) == folders | {"en"}
    for row in table.table().values():
        assert titles.offered(row.code)
        assert row.greetings
        assert len(row.telegram) == 2
        assert row.part_of_day(row.greetings[0][0]) is row.greetings[0][1]
    assert set(of_menus().values()) <= set(languages())
