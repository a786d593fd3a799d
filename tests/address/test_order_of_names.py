"""The order of names, against Unicode's test data for person names and the rules from which it is made."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.names import NameOrder, in_order
from storage.tables.people import Person

CLDR = [
    ("张", "安怡", "", None, "张安怡", "zh"),
    ("陈", "俊年", "", None, "陈俊年", "zh"),
    ("彭", "德威", "", None, "彭德威", "zh"),
    ("米勒", "克特", "", "given", "克特·米勒", "zh, a foreign name"),
    ("施托贝尔", "塞西莉亚", "", "given", "塞西莉亚·施托贝尔", "zh, a foreign name"),
    ("安藤", "一郎", "", None, "安藤一郎", "ja"),
    ("山田", "太郎", "", None, "山田太郎", "ja"),
    ("山田", "トーマス太郎", "", None, "山田トーマス太郎", "ja"),
    ("佐藤", "けいこ", "", None, "佐藤けいこ", "ja"),
    ("アインシュタイン", "アルベルト", "", None, "アルベルト・アインシュタイン", "ja, a foreign name"),
    ("ブラウン", "セシリア", "", None, "セシリア・ブラウン", "ja, a foreign name"),
    ("강", "유미", "", None, "강유미", "ko"),
    ("박", "소현", "", None, "박소현", "ko"),
    ("김", "민규", "", None, "김민규", "ko"),
    ("뮐러", "케테", "", "given", "케테 뮐러", "ko, a foreign name"),
    ("Nguyễn", "Anh", "", None, "Nguyễn Anh", "vi"),
    ("Nguyễn", "Văn Anh", "", None, "Nguyễn Văn Anh", "vi"),
    ("Müller", "Käthe", "", None, "Käthe Müller", "vi, a foreign name"),
    ("Амосова", "Ирина", "", None, "Ирина Амосова", "ru"),
    ("Васильев", "Дмитрий", "Петрович", None, "Дмитрий Петрович Васильев", "ru"),
    ("Купцов", "Иван", "Васильевич", None, "Иван Васильевич Купцов", "ru"),
    ("Мюллер", "Кете", "", "surname", "Мюллер Кете", "ru, a name of Korea"),
]
"""Rows of CLDR's common/testData/personNameTest: referring, long."""
FURTHER = [
    ("佐々木", "健", None, None, "佐々木健"),
    ("田中", "さくら", None, None, "田中さくら"),
    ("김", "민수", None, None, "김민수"),
    ("Nguyễn", "Văn An", None, None, "Nguyễn Văn An"),
    ("Nguyen", "Van An", None, "VN", "Nguyen Van An"),
    ("Nagy", "Ildikó", None, "HU", "Nagy Ildikó"),
    ("Nagy", "Ildikó", None, "US", "Ildikó Nagy"),
    ("Wang", "Wei", None, "CN", "Wei Wang"),
    ("Wang", "Wei", "surname", "CN", "Wang Wei"),
    ("العلي", "كمال", None, None, "كمال العلي"),
    ("王", "Anna", None, None, "Anna 王"),
    ("Braun", "", None, None, "Braun"),
    ("", "健", None, None, "健"),
]


@pytest.mark.parametrize(("surname", "given_name", "patronymic", "order", "written", "source"), CLDR)
def test_names_are_in_the_order_of_unicodes_test_data(
    surname: str, given_name: str, patronymic: str, order: str | None, written: str, source: str
) -> None:
    assert in_order(surname, given_name, patronymic, order=order) == written, source


@pytest.mark.parametrize(("surname", "given_name", "order", "country", "written"), FURTHER)
def test_a_name_is_in_the_order_of_its_script_its_country_or_as_told(
    surname: str, given_name: str, order: str | None, country: str | None, written: str
) -> None:
    person = Person(estate_id=1, surname=surname, given_name=given_name, name_order=order, nationality=country)
    assert person.name == written


LETTERS = st.text("王田さタ김Иễaب伟中くナ민вn", max_size=6)


@given(LETTERS, LETTERS, st.sampled_from((None, *NameOrder)))
def test_no_name_is_lost_whatever_it_is_written_in(surname: str, given_name: str, order: str | None) -> None:
    written = in_order(surname, given_name, order=order)
    assert surname in written
    assert given_name in written
    assert len(written) <= len(surname) + len(given_name) + 1
