"""No token gets into the log, by whatever way."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from concierge_bot import logs

TOKEN = "123456789:AAEhBP0av28-abc_DEF"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the log says."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    logs.configure(verbose=True)
    stream = io.StringIO()
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)


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
