"""Cards: whatever was asked for, and however many hands it went through, they fit a message."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from concierge_bot.catalogue import model as catalogues
from concierge_bot.desk.capabilities import CAPABILITIES
from concierge_bot.desk.cards import card_texts
from concierge_bot.desk.context import Desk
from concierge_bot.desk.operations import estates
from concierge_bot.desk.requests import answers, repository
from concierge_bot.i18n import Words, languages, words
from concierge_bot.screens import TEXT_LIMIT, Screen, length
from concierge_bot.settings import SHIPPED_CATALOGUE
from storage import schema
from storage.engine.unit import Storage
from storage.tables.people import Person, Villa
from storage.tables.requests import EventKind, Request, RequestState
from storage.tables.rows import row_id
from tests.support.databases import sqlite_url

NOW = datetime(2026, 6, 15, 4, tzinfo=UTC)
CATALOGUE = catalogues.load(SHIPPED_CATALOGUE)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk over an empty database."""
    storage = Storage(sqlite_url(tmp_path))
    schema.upgrade(storage)
    with storage.unit() as session:
        yield Desk(session, NOW, CATALOGUE, capabilities=CAPABILITIES)
    storage.close()


def _request(desk: Desk, service: str, said: dict[str, dict[str, Any]]) -> Request:
    estate = estates.ensure_first(desk)
    villa = Villa(estate_id=row_id(estate), name="8")
    desk.session.add(villa)
    desk.session.flush()
    owner = Person(estate_id=row_id(estate), villa_id=villa.id, surname="W" * 80, rank="prof", language="zh_Hans")
    desk.session.add(owner)
    desk.session.flush()
    return repository.add(desk, owner, service, said, draft_id=None)


def _from_hand_to_hand(desk: Desk, request: Request, times: int) -> None:
    """Claimed and handed back so often, a day apart, by somebody whose name is as long as Telegram allows.

    What the fixture's desk has read of the request before is out of date then.
    """
    butler = Person(estate_id=request.estate_id, given_name="A" * 64, surname="B" * 64)
    desk.session.add(butler)
    desk.session.flush()
    desk.cache.clear()
    for turn in range(times):
        later = Desk(desk.session, NOW + timedelta(days=turn), CATALOGUE, capabilities=CAPABILITIES)
        steps = (
            (EventKind.CLAIMED, RequestState.CLAIMED, butler.id),
            (EventKind.RELEASED, RequestState.OPEN, None),
        )
        for kind, to, holder in steps:
            assert repository.change(
                later,
                request,
                to,
                states=(RequestState.OPEN, RequestState.CLAIMED),
                kind=kind,
                actor=butler,
                data={"holder": butler.id},
                claimed_by=holder,
            )


def _cards(desk: Desk, request: Request, say: Words) -> list[Screen]:
    """The cards of everybody who has one."""
    reader = Person(estate_id=request.estate_id, supervises=True)
    desk.session.add(reader)
    desk.session.flush()
    shown = [card(desk, request, say) for card in (card_texts.for_owner, card_texts.for_team)]
    return [*shown, card_texts.for_supervisor(desk, request, say, reader)]


def _plain(text: str) -> str:
    return html.unescape(re.sub(r"</?(?:b|tg-time)\b[^>]*>", "", text))


def _claimed(desk: Desk, state: RequestState) -> Request:
    request = _request(desk, "repair", {"what": {"text": "The tap drips"}})
    anna = Person(estate_id=request.estate_id, surname="Anna")
    desk.session.add(anna)
    desk.session.flush()
    if state != RequestState.OPEN:
        assert repository.change(
            desk,
            request,
            state,
            states=(RequestState.OPEN,),
            kind=EventKind.CLAIMED,
            actor=anna,
            claimed_by=anna.id,
            claimed_at=desk.now,
            on_site_at=desk.now,
        )
    return request


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (RequestState.OPEN, {"claim": "success"}),
        (RequestState.CLAIMED, {"onsite": None, "done": None, "propose": None, "release": "danger"}),
        (RequestState.ON_SITE, {"done": None, "release": "danger"}),
    ],
)
def test_only_the_first_step_and_the_step_back_are_coloured(
    desk: Desk, state: RequestState, expected: dict[str, str | None]
) -> None:
    card = card_texts.for_member(desk, _claimed(desk, state), words("en"))
    wires = [button.wire() for row in card.rows for button in row]
    assert {wire["callback_data"].partition(":")[0]: wire.get("style") for wire in wires} == expected


@pytest.mark.parametrize(("language", "said"), [("en", "Anna has it"), ("zh_Hans", "由 Anna 负责")])
@pytest.mark.parametrize("state", [RequestState.CLAIMED, RequestState.ON_SITE])
def test_the_card_of_the_group_says_who_has_it_where_claim_was(
    desk: Desk, state: RequestState, language: str, said: str
) -> None:
    request = _claimed(desk, state)
    first, *others = card_texts.for_team(desk, request, words(language)).rows
    assert [button.wire() for button in first] == [{"text": said, "disabled": {}}]
    assert tuple(others) == card_texts.for_member(desk, request, words(language)).rows


def test_the_moments_that_are_promised_can_be_tapped_on_every_card(desk: Desk) -> None:
    request = _claimed(desk, RequestState.CLAIMED)
    request.arrive_by, request.done_by = NOW + timedelta(minutes=30), NOW + timedelta(hours=4)
    desk.session.flush()
    marks = [f'by <tg-time unix="{int(by.timestamp())}">' for by in (request.arrive_by, request.done_by)]
    for shown in _cards(desk, request, words("en")):
        assert all(mark in shown.text for mark in marks)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("service", CATALOGUE.services)
def test_a_card_fits_a_message_whatever_happened(desk: Desk, service: str, language: str) -> None:
    said = {
        question.key: {"text": f"{number}<&>🏡" * 512}
        for number, question in enumerate(CATALOGUE.services[service].questions)
    }
    request = _request(desk, service, {**said, answers.WORDS: {"text": "x" * 4096}})
    _from_hand_to_hand(desk, request, 30)
    say = words(language)
    for shown in _cards(desk, request, say):
        assert length(_plain(str(shown.text))) < TEXT_LIMIT - 100  # room for a question beneath it


def test_the_first_and_the_latest_steps_stay_on_the_card(desk: Desk) -> None:
    request = _request(desk, "repair", {"what": {"text": "The tap drips"}})
    _from_hand_to_hand(desk, request, 30)
    later = Desk(desk.session, NOW + timedelta(days=40), CATALOGUE, capabilities=CAPABILITIES)
    shown = str(card_texts.for_owner(later, request, words("en")).text)
    assert "✓ Sent, Mon 15 Jun 12:00" in shown.replace("Mon, 15", "Mon 15")
    assert "14 Jul 12:00" in shown
    assert "16 Jun" not in shown


def test_of_a_few_steps_none_is_left_out(desk: Desk) -> None:
    request = _request(desk, "repair", {"what": {"text": "The tap drips"}})
    _from_hand_to_hand(desk, request, 5)
    shown = str(card_texts.for_owner(desk, request, words("en")).text)
    assert shown.count("Taken by") == shown.count("arranging a colleague") == 5


def test_a_card_has_eleven_steps_at_most(desk: Desk) -> None:
    request = _request(desk, "repair", {"what": {"text": "The tap drips"}})
    _from_hand_to_hand(desk, request, 30)
    shown = str(card_texts.for_owner(desk, request, words("en")).text)
    assert len(re.findall(r"^[✓↺] ", shown, flags=re.MULTILINE)) == 11


def test_what_came_back_says_so_and_nothing_else_does(desk: Desk) -> None:
    request = _request(desk, "repair", {"what": {"text": "The tap drips"}})
    assert all("Return of" not in str(shown.text) for shown in _cards(desk, request, words("en")))
    request.return_of = request.id
    desk.session.flush()
    assert all(f"Return of #{request.id}" in str(shown.text) for shown in _cards(desk, request, words("en"))[1:])


def test_a_supervisor_reads_of_a_return_that_nobody_has_that_the_owner_is_not_content(desk: Desk) -> None:
    request = _request(desk, "repair", {"what": {"text": "The tap drips"}})
    read = words("en")
    assert "is not satisfied" not in str(_cards(desk, request, read)[-1].text)
    request.return_of = request.id
    desk.session.flush()
    assert "is not satisfied" in str(_cards(desk, request, read)[-1].text)
    request.state, request.claimed_by = RequestState.CLAIMED, request.person_id
    desk.session.flush()
    assert "is not satisfied" not in str(_cards(desk, request, read)[-1].text)


def test_what_is_cut_on_a_card_goes_beneath_it_whole() -> None:
    said: dict[str, answers.Answer] = {"a": {"text": "x" * 901}, "b": {"quantity": 3}, "c": answers.SKIPPED}
    assert list(answers.too_long_for_a_line(said)) == ["x" * 901]
    assert list(answers.too_long_for_a_line({"a": {"text": "x" * 900}})) == []
    several = {str(number): {"text": "x" * 500} for number in range(4)}
    assert len(list(answers.too_long_for_a_line(several))) == 4


def test_a_request_of_a_service_that_is_gone_is_still_readable(desk: Desk) -> None:
    request = _request(desk, "repair", {"what": {"text": "The tap drips"}})
    request.service = "sauna"
    desk.session.flush()
    for shown in _cards(desk, request, words("en")):
        assert f"#{request.id} · " in str(shown.text)
        assert "Repairs" in str(shown.text), "by the name that it had when it was asked for"
        assert "sauna" not in str(shown.text)
