"""Words: every sentence of the program and of the catalogue has its translation, with everything in its place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from gettext import c2py
from pathlib import Path
from typing import Any

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.pofile import read_po

from concierge_bot.catalogue import model as catalogues
from concierge_bot.catalogue import texts as catalogue_texts
from concierge_bot.i18n import DOMAIN, LOCALES, SOURCE_LANGUAGE, apart, languages, words
from concierge_bot.screens import ANSWER_LIMIT, ROW_COLUMNS, columns, length
from concierge_bot.settings import SHIPPED_CATALOGUE
from tools import po_headers

ROOT = Path(__file__).parent.parent
OTHERS = [language for language in languages() if language != SOURCE_LANGUAGE]
PLACE = re.compile(r"%\((\w+)\)[sd]")
BARE_PERCENT = re.compile(r"%(?!\(\w+\)[sd]|%)")
TAG = re.compile(r"</?[a-z]+>")
COMMAND = re.compile(r"(?<![\w<])/[a-z]+")
MARKS = re.compile(r"[\u200e\u200f\u2068\u2069]")
"""What keeps names and commands whole where sentences run from right to left."""

LONG_VALUES = {
    "name": "Maximilian Featherstonehaugh",
    "address": "Professor Featherstonehaugh",
    "time": "Wed 30 Sep 23:59",
}

Key = tuple[str | None, str]
Found = dict[Key, tuple[str, ...]]


def _keywords() -> dict[str, Any]:
    """What `make words` takes for sentences, read from there so that the two cannot differ."""
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8")
    found = re.search(r'--keywords "([^"]+)"', recipe)
    assert found is not None
    read: dict[str, Any] = parse_keywords(["gettext", *found[1].split()])
    return read


def _extracted() -> Found:
    """Every sentence: context and message id, with the forms that it has."""
    with (ROOT / "locales" / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]
    found: Found = {}
    for _, _, message, _, context in extract_from_dir(ROOT, methods, options, _keywords()):
        forms = message if isinstance(message, tuple) else (message,)
        found[context, forms[0]] = forms
    return found


EXTRACTED = _extracted()


def _po(language: str) -> Catalog:
    with (LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as source:
        return read_po(source, locale=language)


def _forms(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, tuple | list) else (str(message.string),)


def _entries(language: str) -> Iterator[tuple[Key, Message]]:
    for message in _po(language):
        if message.id:
            first = message.id[0] if isinstance(message.id, tuple | list) else message.id
            yield (message.context, first), message


def test_there_are_sentences_to_look_at() -> None:
    assert len(EXTRACTED) > 150
    assert ("services.repair", "Repairs") in EXTRACTED
    assert ("address", "%(read)s (%(heard)s)") in EXTRACTED
    assert OTHERS


def test_the_template_is_up_to_date() -> None:
    with (ROOT / "locales" / f"{DOMAIN}.pot").open("rb") as source:
        known = {(message.context, message.id[0] if isinstance(message.id, tuple | list) else message.id)
                 for message in read_po(source) if message.id}  # fmt: skip
    assert known == set(EXTRACTED), "run `make words`"


@pytest.mark.parametrize("language", OTHERS)
def test_no_sentence_is_missing_and_none_is_left_over(language: str) -> None:
    entries = dict(_entries(language))
    assert set(EXTRACTED) - set(entries) == set(), "run `make words`, then translate"
    assert set(entries) - set(EXTRACTED) == set(), "no longer said"
    assert [key for key, message in entries.items() if message.fuzzy] == []
    assert [key for key, message in entries.items() if not all(_forms(message))] == []
    assert dict(_po(language).obsolete) == {}


@pytest.mark.parametrize("language", OTHERS)
def test_every_plural_form_is_there(language: str) -> None:
    catalog = _po(language)
    for key, message in _entries(language):
        is_plural = len(EXTRACTED[key]) > 1
        assert isinstance(message.id, tuple | list) is is_plural, key
        assert len(_forms(message)) == (catalog.num_plurals if is_plural else 1), key


@pytest.mark.parametrize("language", OTHERS)
def test_an_editor_can_tell_a_files_language_and_plurals(language: str) -> None:
    path = LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    assert path.read_text(encoding="utf-8").startswith(po_headers.header(language)), "run `make words`"
    with path.open("rb") as source:
        read = read_po(source)  # as an editor does, to which nobody says the language
    assert (str(read.locale), read.num_plurals) == (language, _po(language).num_plurals)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("what", [TAG, COMMAND], ids=["tags", "commands"])
def test_a_translation_keeps_what_is_no_word(language: str, what: re.Pattern[str]) -> None:
    for key, message in _entries(language):
        wanted = {tuple(sorted(what.findall(form))) for form in EXTRACTED[key]}
        for form in _forms(message):
            assert tuple(sorted(what.findall(form))) in wanted, (key, form)


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_keeps_its_places(language: str) -> None:
    """Only a plural form that is of a single number may leave the number out: an Arabic dual says *two* by itself."""
    form_of = c2py(_po(language).plural_expr)
    uses = Counter(form_of(count) for count in range(200))
    for key, message in _entries(language):
        wanted = {frozenset(PLACE.findall(form)) for form in EXTRACTED[key]}
        for number, form in enumerate(_forms(message)):
            found = PLACE.findall(form)
            may_drop = len(EXTRACTED[key]) > 1 and uses[number] == 1
            allowed = wanted | ({places - {"count", "number", "total"} for places in wanted} if may_drop else set())
            assert frozenset(found) in allowed, (key, form)
            assert len(found) == len(set(found)), (key, form)


@pytest.mark.parametrize("language", OTHERS)
def test_sentences_with_places_hold_no_other_percent_sign(language: str) -> None:
    for key, message in _entries(language):
        for form in (*EXTRACTED[key], *_forms(message)):
            assert not PLACE.search(form) or not BARE_PERCENT.search(form), (key, form)


@pytest.mark.parametrize("language", languages())
def test_tags_are_closed_in_order(language: str) -> None:
    said = list(EXTRACTED.values())
    if language != SOURCE_LANGUAGE:
        said = [_forms(message) for _, message in _entries(language)]
    for form in (form for forms in said for form in forms):
        opened: list[str] = []
        for tag in TAG.findall(form):
            if tag.startswith("</"):
                assert opened, form
                assert opened.pop() == tag.replace("/", ""), form
            else:
                opened.append(tag)
        assert opened == [], form


@pytest.mark.parametrize("language", languages())
def test_an_icon_stays_before_the_words_of_every_language(language: str) -> None:
    assert [sentence for _, sentence in EXTRACTED if apart(sentence)[0]] == []
    say = words(language)
    assert say.text("✅ Send") == f"✅ {say.text('Send')}"
    led = say.html("☎️ %(whom)s: <b>%(number)s</b>", whom="A", number="1")
    assert MARKS.sub("", led).startswith("☎️ A")
    assert say.plural_text("📎 %(count)s attachment", "📎 %(count)s attachments", 5).startswith("📎 5")
    assert apart("‹ Back") == ("", "‹ Back")


@pytest.mark.parametrize("language", OTHERS)
def test_a_translator_is_told_where_a_sentence_stands(language: str) -> None:
    told = dict(_entries(language))
    assert told["services.repair.kind.power", "Power"].auto_comments == [
        "services.repair.questions.kind.choices.power.text"
    ]
    assert [key for key, message in told.items() if not message.locations] == []


def test_a_bare_word_has_a_context() -> None:
    """Of one or two words, without a value beside them, nobody can tell what they mean."""
    clear = {"Take over", "Thank you!", "<b>Which day?</b>"}
    bare = [
        sentence
        for context, sentence in EXTRACTED
        if context is None and not PLACE.search(sentence) and len(TAG.sub("", sentence).split()) <= 2
    ]
    assert set(bare) - clear == set(), "say it by context_text or context_html"


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_of_the_catalogue_is_translated(language: str) -> None:
    texts = set(catalogue_texts.texts(catalogues.read(SHIPPED_CATALOGUE)))
    assert len(texts) > 50
    assert [text for text in texts if not words(language).has(text)] == []


@pytest.mark.parametrize("language", languages())
def test_the_labels_of_the_catalogues_buttons_are_short(language: str) -> None:
    say, catalogue = words(language).text, catalogues.load(SHIPPED_CATALOGUE)
    labels = [f"{service.icon} {say(service.name)}" for service in catalogue.services.values()]
    labels += [
        say(choice.text)
        for service in catalogue.services.values()
        for question in service.questions
        for choice in question.choices
    ]
    labels += [say("Staff chat for %(team)s", team=say(team)) for team in catalogue.teams.values()]
    assert [label for label in labels if columns(label) > ROW_COLUMNS] == []


def _calls(before: str = "") -> set[str]:
    """The sentences without markup that the desk says, for buttons and the answers to taps."""
    call = re.compile(before + r'[\w.]+\.(?:text\(|context_text\(\s*"[^"]*",)\s*((?:"(?:[^"\\]|\\.)*"\s*)+)')
    found = [
        sentence
        for path in sorted((ROOT / "concierge_bot" / "desk").rglob("*.py"))
        for sentence in call.findall(path.read_text(encoding="utf-8"))
    ]
    return {"".join(re.findall(r'"((?:[^"\\]|\\.)*)"', sentence)) for sentence in found}


@pytest.mark.parametrize("language", languages())
def test_the_labels_of_the_programs_buttons_are_short(language: str) -> None:
    labels = _calls(r"Button\(\s*")
    assert {"✅ Send", "✋ Claim", "‹ Back"} <= labels
    values = {**LONG_VALUES, "team": "Maintenance", "number": "9999", "what": "🧹 In-home cleaning"}
    assert [label for label in labels if columns(words(language).text(label, **values)) > ROW_COLUMNS] == []


@pytest.mark.parametrize("language", languages())
def test_the_answers_to_taps_fit_a_pop_up(language: str) -> None:
    answers = _calls()
    assert "This button is no longer in use." in answers
    assert "#%(number)s is yours." in answers
    for answer in answers:
        values = {place: LONG_VALUES.get(place, "999999999") for place in PLACE.findall(answer)}
        assert length(words(language).text(answer, **values)) <= ANSWER_LIMIT, answer


@pytest.mark.parametrize("language", languages())
def test_every_sentence_can_be_said(language: str) -> None:
    say = words(language)
    for (context, _), forms in EXTRACTED.items():
        values = dict.fromkeys((place for form in forms for place in PLACE.findall(form)), "<&>")
        values.pop("count", None)
        if len(forms) == 2:
            for count in (0, 1, 2, 5, 21):
                assert "<&>" not in say.plural_html(*forms, count, **values)
                assert say.plural_text(*forms, count, **values)
        elif context:
            assert say.context_text(context, forms[0], **values)
        else:
            assert "<&>" not in say.html(forms[0], **values)
            assert say.text(forms[0], **values)
