"""No token gets into the log, by whatever way."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from structlog.contextvars import bound_contextvars

from concierge_bot import logs
from concierge_bot.runtime.processes.tasks import Tasks

TOKEN = "123456789:AAEhBP0av28-abc_DEF"
NAME = "Zaphod"


@pytest.fixture
def logging_to() -> Iterator[Callable[..., io.StringIO]]:
    """Has the log written as a test wants it."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level

    def configure(**how: Any) -> io.StringIO:
        stream = io.StringIO()
        logs.configure(stream=stream, **how)
        return stream

    yield configure
    root.handlers[:] = before
    root.setLevel(level)
    for package in logs.PACKAGES:
        logging.getLogger(package).setLevel(logging.NOTSET)


@pytest.fixture
def written(logging_to: Callable[..., io.StringIO]) -> io.StringIO:
    """What the log says."""
    return logging_to(level="info")


def test_a_token_is_taken_out_of_everything(written: io.StringIO) -> None:
    log = logging.getLogger("test")
    log.warning("http://127.0.0.1:8081/bot%s/getMe", TOKEN)
    log.warning("bot%s", TOKEN)
    log.error("%r", {"url": f"/bot{TOKEN}/x"})
    try:
        raise ConnectionError(f"https://api.telegram.org/bot{TOKEN}/sendMessage")  # noqa: TRY301
    except ConnectionError:
        log.exception("no connection")
    said = written.getvalue()
    assert TOKEN.split(":")[1] not in said
    assert said.count("<token>") == 4
    assert "Traceback" in said


def test_times_and_ports_stay_readable(written: io.StringIO) -> None:
    logging.getLogger("test").warning("http://127.0.0.1:8081/x at 12:34:56, chat -1001234567890")
    assert "http://127.0.0.1:8081/x at 12:34:56, chat -1001234567890" in written.getvalue()


def _fails_in_a_chain() -> None:
    known: dict[str, str] = {}
    try:
        known[NAME]
    except KeyError as error:
        raise ValueError(f"the words of {NAME}") from error


def test_a_traceback_quotes_nobody(written: io.StringIO) -> None:
    log = logging.getLogger("test")
    try:
        _fails_in_a_chain()
    except ValueError as error:
        log.exception("it failed")
        logs.get("test").exception("it failed")
        log.warning("it failed: %s, %r", error, error)
    try:
        raise ExceptionGroup(NAME, [LookupError(NAME), FileNotFoundError(2, "No such file", "/x")])  # noqa: TRY301
    except ExceptionGroup:
        log.exception("it failed")
    said = written.getvalue()
    assert NAME not in said
    assert said.count("KeyError") == 2
    assert said.count("Traceback (most recent call last)") == 2 * 2 + 3
    assert "in _fails_in_a_chain" in said
    assert "it failed: ValueError, 'ValueError'" in said
    assert "LookupError" in said
    assert "FileNotFoundError: [Errno 2] No such file: '/x'" in said


async def test_what_nobody_awaits_is_told_without_its_words(written: io.StringIO) -> None:
    async def fails() -> None:
        raise ValueError(NAME)

    tasks = Tasks()
    await asyncio.wait([tasks.start(fails(), "a task")])
    asyncio.get_running_loop().set_exception_handler(logs.of_loop)
    asyncio.get_running_loop().call_soon(int, NAME)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    said = written.getvalue()
    assert "task a task failed: ValueError" in said
    assert "an error in the event loop that nobody awaited" in said
    assert NAME not in said


def test_everybodys_lines_have_the_same_fields(logging_to: Callable[..., io.StringIO]) -> None:
    stream = logging_to(level="info", as_json=True)
    with bound_contextvars(update_id=17, request_ids=[3, 4]):
        logs.get("ours").info("update done", kind="message", error=None)
        logging.getLogger("theirs").warning("one\nline of %s", "a library's")
    logging.getLogger("theirs").info("later")
    ours, theirs, later = map(json.loads, stream.getvalue().splitlines())
    assert list(ours)[:5] == ["time", "level", "logger", "event", "kind"]
    assert ours["time"].endswith("Z")
    assert (ours["level"], ours["logger"], ours["event"]) == ("INFO", "ours", "update done")
    assert (ours["update_id"], ours["request_ids"]) == (17, [3, 4])
    assert (theirs["event"], theirs["update_id"]) == ("one\nline of a library's", 17)
    assert set(later) == {"time", "level", "logger", "event"}


def test_as_text_the_fields_stand_behind_the_words(written: io.StringIO) -> None:
    with bound_contextvars(update_id=17):
        logs.get("ours").info("update done", kind="message", why="two words")
    assert written.getvalue()[24:] == 'INFO ours: update done kind=message why="two words" update_id=17\n'


def test_without_verbose_only_what_is_wrong_is_told(logging_to: Callable[..., io.StringIO]) -> None:
    stream = logging_to(level="warning")
    logs.get("ours").info("update done")
    logs.get("ours").warning("oh", attempt=2)
    assert stream.getvalue()[24:] == "WARNING ours: oh attempt=2\n"
