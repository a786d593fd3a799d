"""CONTRIBUTING.md is tested: its example of a service is ordered, claimed and done, and has the words that it needs."""

from __future__ import annotations

import re
import tomllib
from io import BytesIO
from pathlib import Path

from babel.messages.pofile import read_po

from concierge_bot.catalogue import model as catalogues
from concierge_bot.catalogue import texts as catalogue_texts
from concierge_bot.catalogue.model import QuestionKind, Service
from concierge_bot.i18n import DOMAIN, LOCALES
from concierge_bot.playground import Message
from concierge_bot.screens import ROW_COLUMNS, columns
from concierge_bot.settings import SHIPPED_CATALOGUE
from tests.support.cast import Cast, on_duty, on_stage, sends, until_it_says

PAGE = (Path(__file__).parent.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
SHIPPED = SHIPPED_CATALOGUE.read_text(encoding="utf-8")


def _block(language: str) -> str:
    """The one fenced block of this language on the page."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return str(found)


EXAMPLE = _block("toml")
(KEY,) = tomllib.loads(EXAMPLE)["services"]


def _extended(folder: Path) -> Path:
    """A copy of the shipped catalogue with the example below its services, unless it is there already."""
    path = folder / "catalogue.toml"
    above, heading, below = SHIPPED.partition("[danger]\n")
    example = "" if KEY in tomllib.loads(SHIPPED)["services"] else f"{EXAMPLE}\n"
    path.write_text(f"{above}{example}{heading}{below}", encoding="utf-8")
    return path


async def _question(cast: Cast, service: Service, step: int) -> Message:
    """The question of a step (from 1), once the owner sees it."""
    heading = f"{service.icon} {service.name} · {step} of {len(service.questions)}"
    return await cast.wang.sees(heading)


async def _ordered(cast: Cast, service: Service) -> int:
    """The owner orders the service by taps, one for each question. Returns the request's number."""
    sent = await cast.wang.writes("/menu")
    menu = await cast.wang.sees("How may we be of service?", after=sent)
    if service.more:
        await cast.wang.taps(menu, "More services…")
        menu = await cast.wang.sees("What else may we do for you?", after=sent)
    await cast.wang.taps(menu, f"{service.icon} {service.name}")
    for step, question in enumerate(service.questions, start=1):
        shown = await _question(cast, service, step)
        assert question.text in shown.text
        match question.kind:
            case QuestionKind.CHOICE:
                await cast.wang.taps(shown, question.choices[-1].text)
            case QuestionKind.QUANTITY:
                await cast.wang.taps(shown, "2")
            case QuestionKind.WHEN:
                await cast.wang.taps(shown, "As soon as possible")
            case _:
                await cast.wang.taps(shown, "Skip")
    summary = await cast.wang.sees("Is everything correct? Tap Send and I will pass it on at once.")
    assert ("This is a paid service; we agree the price with you before we begin." in summary.text) is service.paid
    return await sends(cast.wang)


async def test_the_example_of_a_service_is_ordered_claimed_and_done(database_url: str, tmp_path: Path) -> None:
    path = _extended(tmp_path)
    service = catalogues.load(path).services[KEY]
    async with on_duty(database_url, catalogue=path) as world:
        cast = await on_stage(world)
        number = await _ordered(cast, service)
        group = cast.chat_of(service.team)
        card = await group.sees(f"#{number} · Villa 8 · {service.name}")
        for question in service.questions:
            if question.kind in {QuestionKind.CHOICE, QuestionKind.QUANTITY}:
                assert question.label in card.text
        claimed = await cast.bo.taps(card, "Claim")
        assert claimed.text == f"#{number} is yours."
        await cast.wang.sees("Taken by Bo, 12:00")
        await until_it_says(world, card, "Taken by Bo")
        await cast.bo.taps(card, "Done")
        await until_it_says(world, card, "Done by Bo")
        world.turn(minutes=1, seconds=1)  # only then the owner is told
        await cast.wang.sees("Done, 12:00")
        asked = await cast.wang.sees("Is everything to your satisfaction?")
        await cast.wang.taps(asked, "Yes, thank you")
        await cast.wang.sees(f"Thank you, Mr Wang. We are glad that #{number} ({service.name}) is to your satisfaction")


def test_the_words_of_the_example_are_those_that_it_needs() -> None:
    with (LOCALES / "zh_Hans" / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as source:
        known = {(message.context, message.id) for message in read_po(source, locale="zh_Hans") if message.id}
    added = {
        (message.context, str(message.id)): str(message.string)
        for message in read_po(BytesIO(_block("po").encode()))
        if message.id
    }
    needed = {
        (catalogue_texts.context_of(place, text), text)
        for place, text in catalogue_texts.texts_by_place(tomllib.loads(EXAMPLE))
    }
    assert needed - known <= set(added) <= needed
    assert all(added.values())
    assert max(map(columns, added.values())) <= ROW_COLUMNS


def test_every_key_of_a_service_and_every_kind_of_question_is_described() -> None:
    rows = " ".join(line for line in PAGE.splitlines() if line.startswith("| `"))
    described = set(re.findall(r"`(\w+)`", " ".join([rows, *re.findall(r"also `.*`", PAGE)])))
    assert set(Service.model_fields) - described == set()
    assert {str(kind) for kind in QuestionKind} - described == set()
