"""Whoever is asked to telephone reads the number in the same sentence; without a number nobody is asked to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

from concierge_bot.desk.ordering import asking
from concierge_bot.i18n import DOMAIN, LOCALES, SOURCE_LANGUAGE, languages
from concierge_bot.playground import Message
from concierge_bot.settings import SHIPPED_CATALOGUE
from tests.runtime.harness import texts
from tests.support.cast import until_it_says
from tests.support.world import opened

NUMBER = "%(telephone)s"
"""How a sentence names the number; `%(number)s` is a request's."""
ASKS = {
    "en": re.compile(r"\b(call|calls|phone|phones|telephone|ring|rings|dial)\b", re.IGNORECASE),
    "zh_Hans": re.compile("致电|拨打|拨|打电话|去电|来电"),
    "zh_Hant": re.compile("致電|撥打|撥|打電話|去電|來電"),
    "ja": re.compile("電話|ダイヤル|お掛け"),
    "ko": re.compile("전화|통화"),
    "de": re.compile(r"\b(anrufen|ruft? .*\ban|rufen Sie .*\ban|telefonieren|wählen Sie die)\b", re.IGNORECASE),
    "fr": re.compile(r"\b(appele[rz]|appel|téléphone[rz]?|composez)\b", re.IGNORECASE),
    "es": re.compile(r"\b(llam(e|en|ar|ada)|telefone\w+|marque)\b", re.IGNORECASE),
    "it": re.compile(r"\b(chiam(i|are|ate)|telefon\w+|componga)\b", re.IGNORECASE),
    "pt_BR": re.compile(r"\b(ligue|ligar|telefone\w*|disque)\b", re.IGNORECASE),
    "ru": re.compile(r"\b(позвон\w+|перезвон\w+|звоните|наберите)\b", re.IGNORECASE),
    "ar": re.compile("اتصل|الاتصال|هاتف|اطلب الرقم"),
}
ASKS_NOBODY = {
    "Go to where it is safe, take everybody with you, and keep the telephone at hand.",
    (
        "Go outside at once; open windows only if they are on your way. Touch no switches and light nothing. "
        "Use the telephone only once you are outside."
    ),
    "Let them scan this with their camera, or forward the message below.",
    "Please scan this code with the camera of your phone and then tap Start. It opens our concierge in Telegram.",
    "Stay inside, lock yourselves in together, and keep the light and the telephone with you. Do not confront anybody.",
    (
        "Please stay with them and keep the telephone at hand. If they are not breathing, give chest "
        "compressions; if they are bleeding, press firmly on the wound. Give nothing to eat or drink. Open "
        "the front door for the helpers."
    ),
    (
        "%(name)s: the link was opened a second time, by another Telegram account – perhaps a new phone, perhaps "
        "somebody else. Please check with them before you send a new one: it replaces the account they had."
    ),
}
"""Sentences about a telephone that ask nobody to call."""


def _sentences(language: str) -> Iterator[tuple[str, str]]:
    """What is said in a language, each with the sentence of the source."""
    is_source = language == SOURCE_LANGUAGE
    path = LOCALES / f"{DOMAIN}.pot" if is_source else LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    with path.open("rb") as source:
        for message in read_po(source, locale=None if is_source else language):
            said = message.id if is_source else message.string
            forms = said if isinstance(said, tuple | list) else (said,)
            first = message.id[0] if isinstance(message.id, tuple | list) else message.id
            yield from ((str(first), str(form)) for form in forms if first)


@pytest.mark.parametrize("language", languages())
def test_a_sentence_that_asks_to_telephone_names_the_number(language: str) -> None:
    asking = [
        form
        for source, form in _sentences(language)
        if ASKS[language].search(form) and NUMBER not in form and source not in ASKS_NOBODY
    ]
    assert asking == []


def test_the_sentences_that_are_let_pass_are_still_said() -> None:
    assert {source for source, _ in _sentences(SOURCE_LANGUAGE)} >= ASKS_NOBODY


def _fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(asking, "write", fail)


async def test_what_did_not_work_names_the_service_centres_number(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(database_url) as world:
        wang = await world.owner("Wang")
        _fails(monkeypatch)
        await wang.writes("a parcel")
        await wang.sees("Please try again, or call the service centre: +86 21 0000 0000.")


def _copied(message: Message) -> list[str]:
    return [button.copied for row in message.buttons for button in row if button.copied]


async def test_each_number_that_an_owner_in_need_reads_can_be_copied(database_url: str) -> None:
    async with opened(database_url) as world:
        wang = await world.owner("Wang")
        await wang.writes("I smell gas in the kitchen")
        asked = await wang.sees("Would you like somebody to come at once?")
        named = re.findall(r"☎️ [^:]+: (.+)", asked.text)
        assert len(named) > 0
        assert _copied(asked) == named
        await wang.taps(asked, "Come at once")
        await until_it_says(world, asked, "I am calling whoever is on duty")
        assert _copied(asked) == named
        await wang.taps_data(asked, "service:medical", wait=False)
        question = await wang.sees("☎️ Doctors")
        assert _copied(question) == re.findall(r"☎️ [^:]+: (.+)", question.text)


async def test_without_a_number_nobody_is_asked_to_phone(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = SHIPPED_CATALOGUE.read_text(encoding="utf-8")
    catalogue = tmp_path / "catalogue.toml"
    catalogue.write_text(re.sub(r"(?m)^phones = .*$", 'phones = { emergency = "110" }', shipped), encoding="utf-8")
    async with opened(database_url, catalogue=catalogue) as world:
        wang = await world.owner("Wang")
        _fails(monkeypatch)
        await wang.writes("a parcel")
        await wang.sees("I am sorry, that did not go through. Please try again.")
        assert "phone" not in texts(world.telegram, wang.id)[-1]


async def test_a_stranger_whose_words_cannot_be_taken_is_not_asked_to_phone_either(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(database_url) as world:
        stranger = world.telegram.person("Zhou")
        _fails(monkeypatch)
        await stranger.writes("hello")
        await stranger.sees("I am sorry, that did not go through. Please try again.")
