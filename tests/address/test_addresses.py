"""Forms of address over twelve languages: rows against public rules, and what holds for any name."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concierge_bot.address import speaking, table, titles
from concierge_bot.address.scripts import EAST_ASIAN
from concierge_bot.address.speaking import Named
from storage.names import Form, Rank

FILE = Path(__file__).with_name("addresses.txt")
TWELVE = ("zh_Hans", "zh_Hant", "en", "ja", "ko", "de", "fr", "es", "it", "pt_BR", "ru", "ar")


class Row(NamedTuple):
    """A person, and how they are addressed in a language."""

    language: str
    named: Named
    to: str
    of: str
    dear: str


def _rows() -> Iterator[Row]:
    language = ""
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            language = line.strip("[]")
        elif line and not line.startswith("#"):
            title, names, to, of, dear = (cell.strip() for cell in line.split(" | "))
            yield Row(language, _named(title, names), to, of, dear)


def _named(title: str, names: str) -> Named:
    written, _, latin = names.partition(" = ")
    surname, given_name, patronymic = (*(name.strip() for name in written.split(",")), "", "")[:3]
    chosen = titles.of_code(title) or titles.Title()
    return Named(surname, given_name, patronymic, chosen.form, chosen.rank, latin.strip() or None)


ROWS = list(_rows())


def test_there_are_rows_for_each_of_the_twelve_languages() -> None:
    assert len(ROWS) >= 120
    assert {row.language for row in ROWS} == set(table.languages()) == set(TWELVE)


@pytest.mark.parametrize("language", TWELVE)
def test_people_are_addressed_by_the_rules_of_their_language(language: str) -> None:
    rows = [row for row in ROWS if row.language == language]
    uses = (speaking.to, speaking.of, speaking.dear)
    said = [Row(language, row.named, *(say(language, row.named) for say in uses)) for row in rows]
    assert said == rows


NAMES = st.sampled_from(
    (
        "Wang",
        "O'Neill",
        "van der Berg",
        "王",
        "欧阳",
        "田中",
        "さくら",
        "김",
        "Иванов",
        "العلي",
        "Nguyễn",
        "{x}",
        "%s",
        "<b>",
    )
)
PEOPLE = st.builds(
    Named,
    surname=NAMES,
    given_name=st.one_of(st.just(""), NAMES),
    patronymic=st.sampled_from(("", "Петрович", "Петровна")),
    form=st.sampled_from((None, *Form)),
    rank=st.sampled_from((None, *Rank)),
    latin=st.sampled_from((None, "Wang")),
)
LANGUAGES = st.sampled_from(TWELVE)


@given(LANGUAGES, PEOPLE)
def test_whoever_said_no_form_never_reads_their_bare_name(language: str, named: Named) -> None:
    if named.form is None:
        bare = {named.full, named.surname, named.given_name, named.latin}
        assert speaking.to(language, named) not in bare
        assert speaking.dear(language, named).strip(",!:：،") not in bare


@given(LANGUAGES, PEOPLE)
def test_no_pattern_is_left_unfilled_and_no_blank_is_doubled(language: str, named: Named) -> None:
    for say in (speaking.to, speaking.of, speaking.dear, speaking.label):
        said = say(language, named)
        assert said == said.strip() != ""
        assert "  " not in said
        assert not {"{surname}", "{full}", "{given}", "{patronymic}", "{surname_of}"} & set(said.split())


@given(LANGUAGES, PEOPLE)
def test_a_known_form_names_the_person(language: str, named: Named) -> None:
    if named.form is not Form.NEUTRAL and table.suffices(language, named.form, named.rank):
        known = {named.surname, named.given_name, named.latin, named.patronymic} - {"", None}
        assert any(name in speaking.to(language, named) for name in known if name)


@given(LANGUAGES, PEOPLE)
def test_a_letter_of_an_alphabet_never_touches_a_chinese_one(language: str, named: Named) -> None:
    if table.rules_of(language).spaced:
        said = speaking.to(language, named)
        for one, other in pairwise(said):
            is_mixed = bool(EAST_ASIAN.match(one)) != bool(EAST_ASIAN.match(other))
            assert not (is_mixed and one.isalpha() and other.isalpha())


@pytest.mark.parametrize("language", TWELVE)
def test_each_language_offers_titles_that_it_can_say(language: str) -> None:
    offered = titles.offered(language)
    assert len(set(offered.values())) == len(offered) >= 3
    for code, label in offered.items():
        title = titles.of_code(code)
        assert title is not None
        assert title.code == code
        assert table.suffices(language, title.form, title.rank)
        assert titles.named(label) is not None


@pytest.mark.parametrize("language", TWELVE)
def test_each_language_has_a_name_for_each_role_of_the_staff(language: str) -> None:
    rows = table.rules_of(language).colleague
    assert set(rows) == set(table.rules_of("en").colleague)
    assert all("{name}" in named and "{" not in nameless for named, nameless in rows.values())


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Mr", "mr"),
        ("mr.", "mr"),
        ("Mrs", "mrs"),
        ("MX", "mx"),
        ("Herr Dr.", "mr-dr"),
        ("Frau Prof. Dr.", "ms-prof"),
        ("女士", "ms"),
        ("夫人", "mrs"),
        ("様", "mx"),
        ("님", "mx"),
        ("Señora", "ms"),
        ("Dott.ssa", "ms-dr"),
        ("Madame", "ms"),
        ("госпожа", "ms"),
        ("السيدة", "ms"),
        ("ms-dr", "ms-dr"),
        ("Dr", "dr"),
    ],
)
def test_titles_are_understood_in_every_language(written: str, code: str) -> None:
    found = titles.named(written)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("written", ["", "king", "Herr Frau", "Mr Wang", "-"])
def test_what_is_no_title_is_none(written: str) -> None:
    assert titles.named(written) is None
