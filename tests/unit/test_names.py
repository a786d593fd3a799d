"""Names and forms of address: a wrong one is a failure."""

from __future__ import annotations

from typing import Any

import pytest

from concierge_bot.address import titles
from concierge_bot.desk.people.names import address, address_for_staff, of_colleague
from concierge_bot.i18n import words
from storage.tables.people import Person


def _owner(title: str = "", *, language: str | None = None, latin: str | None = None, **names: Any) -> Person:
    chosen = titles.of_code(title) or titles.Title()
    return Person(estate_id=1, villa_id=1, form=chosen.form, rank=chosen.rank, language=language, latin=latin, **names)


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
    assert Person(estate_id=1, surname=surname, given_name=given_name).name == name


@pytest.mark.parametrize(
    ("title", "english", "chinese"),
    [
        ("mr", "Mr Wang", "Wang 先生"),
        ("ms", "Ms Wang", "Wang 女士"),
        ("mrs", "Mrs Wang", "Wang 夫人"),
        ("dr", "Dr Wang", "Wang 博士"),
        ("ms-prof", "Professor Wang", "Wang 教授"),
        ("", "dear resident", "尊敬的业主"),
    ],
)
def test_the_form_of_address(title: str, english: str, chinese: str) -> None:
    person = _owner(title, surname="Wang", given_name="Li")
    assert address(words("en"), person) == english
    assert address(words("zh_Hans"), person) == chinese


def test_who_gave_no_surname_is_addressed_by_the_name_they_gave() -> None:
    assert address(words("en"), _owner("mr", given_name="Li")) == "Mr Li"


def test_one_of_the_staff_is_greeted_by_name() -> None:
    anna = Person(estate_id=1, given_name="Anna 🌸")
    assert address(words("en"), anna) == "Anna 🌸"
    anna.display_name = "Anna"
    assert address(words("en"), anna) == "Anna"


@pytest.mark.parametrize(
    ("reads", "hears", "latin", "shown"),
    [
        ("en", "en", None, "Mr 王"),
        ("en", "zh_Hans", None, "Mr 王 (王先生)"),
        ("en", "zh_Hans", "Wang", "Mr Wang (王先生)"),
        ("zh_Hans", "en", None, "王先生（Mr 王）"),
        ("zh_Hans", "en", "Wang", "王先生（Mr Wang）"),
        ("zh_Hans", None, "Wang", "王先生"),
    ],
)
def test_staff_read_both_forms_where_they_differ(reads: str, hears: str | None, latin: str | None, shown: str) -> None:
    assert address_for_staff(words(reads), _owner("mr", surname="王", language=hears, latin=latin)) == shown


def test_chinese_staff_read_how_a_german_expects_to_be_addressed() -> None:
    assert (
        address_for_staff(words("zh_Hans"), _owner("mr", surname="Braun", language="de")) == "Braun 先生（Herr Braun）"
    )


def test_staff_read_the_name_of_whom_nobody_has_asked() -> None:
    assert (
        address_for_staff(words("zh_Hans"), _owner(surname="Braun", given_name="Anna", language="en")) == "Anna Braun"
    )


@pytest.mark.parametrize(
    ("account", "name", "role", "english", "chinese"),
    [
        ("Anna", None, None, "Anna", "Anna"),
        ("小李🐼", None, None, "one of our team", "服务中心同事"),
        ("小李🐼", None, "butler", "your butler", "您的私人管家"),
        ("小李🐼", "李娜", "butler", "李娜, your butler", "私人管家李娜"),
        ("Anna", "Anna Weber", "engineer", "Anna Weber, our engineer", "工程师 Anna Weber"),
        ("Anna", None, "something else", "Anna", "Anna"),
    ],
)
def test_how_owners_read_one_of_the_staff(
    account: str, name: str | None, role: str | None, english: str, chinese: str
) -> None:
    colleague = Person(estate_id=1, given_name=account, display_name=name, display_role=role)
    assert of_colleague(words("en"), colleague) == english
    assert of_colleague(words("zh_Hans"), colleague) == chinese


def test_a_sentence_that_goes_on_behind_a_role_has_a_comma_there() -> None:
    anna = of_colleague(words("en"), Person(estate_id=1, given_name="Anna", display_role="butler"))
    facts = {"address": "dear resident", "name": anna, "number": 12, "service": "Shoe shine"}
    said = words("en").html("%(address)s, %(name)s is on site for your request #%(number)s (%(service)s).", **facts)
    assert said == "Dear resident, Anna, your butler, is on site for your request #12 (Shoe shine)."
    assert words("en").html("✓ Taken by %(name)s, %(time)s", name=anna, time="14:05") == (
        "✓ Taken by Anna, your butler, 14:05"
    )
