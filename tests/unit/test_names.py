"""Names and forms of address: a wrong one is a failure."""

from __future__ import annotations

import pytest

from concierge_bot.desk.people.names import Title, address, address_for_staff, title_label
from concierge_bot.i18n import words
from storage.tables.people import Person


def _person(surname: str = "", given_name: str = "", title: str | None = None, language: str | None = None) -> Person:
    return Person(estate_id=1, surname=surname, given_name=given_name, title=title, language=language)


@pytest.mark.parametrize(
    ("surname", "given_name", "name"),
    [
        ("Wang", "", "Wang"),
        ("", "Anna", "Anna"),
        ("Braun", "Anna", "Anna Braun"),
        ("O'Neill", "Máire", "Máire O'Neill"),
        ("王", "小明", "王小明"),
        ("欧阳", "娜", "欧阳娜"),
        ("王", "Anna", "Anna 王"),
        ("田中", "太郎", "田中太郎"),
        ("Иванов", "Пётр", "Пётр Иванов"),
        ("<b>", "&", "& <b>"),
        ("", "", ""),
    ],
)
def test_how_colleagues_read_a_name(surname: str, given_name: str, name: str) -> None:
    assert _person(surname, given_name).name == name


@pytest.mark.parametrize(
    ("title", "english", "chinese"),
    [
        ("mr", "Mr Wang", "Wang 先生"),
        ("ms", "Ms Wang", "Wang 女士"),
        ("mrs", "Mrs Wang", "Wang 夫人"),
        ("dr", "Dr Wang", "Wang 博士"),
        ("prof", "Professor Wang", "Wang 教授"),
        (None, "Li Wang", "Li Wang"),
        ("king", "Li Wang", "Li Wang"),
    ],
)
def test_the_form_of_address(title: str | None, english: str, chinese: str) -> None:
    person = _person("Wang", "Li", title)
    assert address(words("en"), person) == english
    assert address(words("zh_Hans"), person) == chinese


def test_who_gave_no_surname_is_addressed_by_the_name_they_gave() -> None:
    assert address(words("en"), _person("", "Li", "mr")) == "Mr Li"


@pytest.mark.parametrize(
    ("reads", "hears", "shown"),
    [
        ("en", "en", "Mr 王"),
        ("en", "zh_Hans", "Mr 王 (王先生)"),
        ("zh_Hans", "en", "王先生（Mr 王）"),
        ("zh_Hans", None, "王先生"),
    ],
)
def test_staff_read_both_forms_where_they_differ(reads: str, hears: str | None, shown: str) -> None:
    assert address_for_staff(words(reads), _person("王", title="mr", language=hears)) == shown


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_every_title_has_a_label_of_its_own(language: str) -> None:
    assert len({title_label(words(language), title) for title in Title}) == len(Title)
