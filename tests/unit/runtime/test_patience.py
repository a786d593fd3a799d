"""How often a failed update is tried again."""

from __future__ import annotations

from itertools import islice

import pytest
from aiogram.exceptions import TelegramBadRequest, TelegramNetworkError
from aiogram.methods import GetMe
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import (
    DataError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
    StatementError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from concierge_bot.runtime.retries import FOR_THE_DATABASE, FOR_THE_WIRE, QUICK, pause_after, pauses, place_of
from concierge_bot.runtime.telegram.bot_api import BotApiError, WireError

CAUSE = Exception("x")
TROUBLE = [
    OperationalError("", {}, CAUSE),
    InterfaceError("", {}, CAUSE),
    InternalError("", {}, CAUSE),
    PoolTimeout(),
]
REFUSED = [
    IntegrityError("", {}, CAUSE),
    DataError("", {}, CAUSE),
    ProgrammingError("", {}, CAUSE),
    StatementError("", "", {}, CAUSE),
    KeyError("x"),
    ZeroDivisionError(),
    TelegramBadRequest(GetMe(), "x"),
]
WIRE = [
    BotApiError("getMe", 500, "x"),
    WireError("x"),
    TelegramNetworkError(GetMe(), "x"),
    TimeoutError(),
    ConnectionResetError(),
]


@pytest.mark.parametrize("error", TROUBLE)
def test_a_database_in_trouble_is_waited_for_without_an_end(error: Exception) -> None:
    found = list(islice(pauses(error), 1000))
    assert found[: len(FOR_THE_DATABASE)] == list(FOR_THE_DATABASE)
    assert set(found[len(FOR_THE_DATABASE) :]) == {5.0}
    assert pause_after(error, 10**4) == 5.0


@pytest.mark.parametrize("error", REFUSED)
def test_what_is_wrong_itself_is_tried_twice_more(error: Exception) -> None:
    assert list(pauses(error)) == list(QUICK)
    assert [pause_after(error, attempts) for attempts in (1, 2, 3)] == [*QUICK, None]


@pytest.mark.parametrize("error", WIRE)
def test_the_wire_gets_about_a_minute(error: Exception) -> None:
    assert list(pauses(error)) == list(FOR_THE_WIRE)
    assert 60 <= sum(FOR_THE_WIRE) <= 120


@given(st.text(min_size=1))
def test_a_place_never_holds_the_words_of_an_error(words: str) -> None:
    try:
        raise ValueError(words)  # noqa: TRY301
    except ValueError as error:
        found = place_of(error)
    kind, _, where = found.partition(" at ")
    assert kind == "ValueError"
    assert where.startswith("tests.unit.runtime.test_patience:")


def test_an_error_that_was_never_raised_has_no_place() -> None:
    assert place_of(ValueError("x")) == "ValueError"
