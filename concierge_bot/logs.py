"""The log: one line an event, as text or as JSON, without tokens and without people's names or words."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import sys
import threading
import time
import traceback
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog.stdlib import BoundLogger, ProcessorFormatter
from structlog.types import EventDict

TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{3,}")
NOTHING: tuple[object, ...] = (None, "", (), [])
"""What a field may hold that is not worth a place in a line."""
PACKAGES = ("concierge_bot", "handlers", "storage")
OURS = logging.getLogger("concierge_bot.logs")


class WithoutTokens(ProcessorFormatter):
    """Removes strings that look like a bot's token, also from tracebacks and libraries' lines."""

    def format(self, record: logging.LogRecord) -> str:
        """Formats a record without tokens, and quotes its errors without their messages."""
        if isinstance(record.args, tuple) and any(isinstance(arg, BaseException) for arg in record.args):
            record = logging.makeLogRecord(record.__dict__)
            record.args = tuple(_said(arg) if isinstance(arg, BaseException) else arg for arg in record.args or ())
        return TOKEN.sub("<token>", super().format(record))


def get(name: str) -> BoundLogger:
    """Returns a logger whose lines have fields: `log.info("message sent", outbox_id=7)`."""
    logger: BoundLogger = structlog.stdlib.get_logger(name)
    return logger


def configure(*, level: str, as_json: bool = False, stream: TextIO | None = None) -> None:
    """Logs to standard error, or to another stream, as text or as one JSON object a line.

    `level` is the lowest to be written, such as `warning`. Libraries write nothing below `info`: at `debug` they quote
    what people write, and tokens.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        WithoutTokens(processors=[structlog.contextvars.merge_contextvars, _arranged, _json if as_json else _text])
    )
    wanted = logging.getLevelNamesMapping()[level.upper()]
    logging.basicConfig(level=max(wanted, logging.INFO), handlers=[handler], force=True)
    for ours in PACKAGES:
        logging.getLogger(ours).setLevel(wanted)
    for noisy in ("apscheduler", "httpx"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def take_over() -> None:
    """Redirects uncaught errors, of threads too, and Python's warnings to the log."""
    logging.captureWarnings(capture=True)
    logging.raiseExceptions = False  # a line that finds no room on the disk stops nothing, and is quoted nowhere
    sys.excepthook = _uncaught
    sys.unraisablehook = lambda given: OURS.error("an error that nobody could catch", exc_info=given.exc_value)
    threading.excepthook = lambda given: OURS.error("a thread has failed", exc_info=given.exc_value)


def of_loop(_loop: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
    """Logs an error of the event loop by its kind and place, since the loop's own words would quote it."""
    error = context.get("exception")
    if error is None:
        OURS.error("the event loop says: %s", context["message"])
    else:
        OURS.error("an error in the event loop that nobody awaited", exc_info=error)


def traceback_of(error: BaseException) -> str:
    """Formats the traceback of an error and its causes without their messages.

    A message may quote a person, or a row of the database. Only the system's own words on files and connections stay.
    """
    return "\n\n".join(
        "Traceback (most recent call last):\n" + "".join(traceback.format_tb(link.__traceback__)) + _said(link)
        for link in reversed(list(_chain(error)))
    )


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        OURS.critical("the concierge is stopped by an error", exc_info=(kind, error, trace))


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yields an error and its causes, the latest first; of a group also its parts."""
    seen: set[int] = set()
    left = [error]
    while left:
        link = left.pop()
        if id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        if isinstance(link, BaseExceptionGroup):
            left.extend(link.exceptions)
        earlier = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
        if earlier is not None:
            left.append(earlier)


def _said(error: BaseException) -> str:
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    return f"{name}: {error}" if isinstance(error, OSError) else name


def _arranged(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Puts the fields common to all lines first, then the others that hold something."""
    record: logging.LogRecord = event.pop("_record")
    del event["_from_structlog"]
    error = _error(event.pop("exc_info", None))
    first = {"time": record.created, "level": record.levelname, "logger": record.name, "event": event.pop("event")}
    others = {name: value for name, value in event.items() if value not in NOTHING}
    return first | others | ({} if error is None else {"exception": traceback_of(error)})


def _error(given: object) -> BaseException | None:
    """Returns the error that `exc_info` means: an error, the three parts of one, or True for the present one."""
    if given is True:
        given = sys.exc_info()
    if isinstance(given, tuple):
        given = given[1]
    return given if isinstance(given, BaseException) else None


_FIELDS = structlog.processors.LogfmtRenderer()


def _text(logger: object, method: str, event: EventDict) -> str:
    """Formats a line as `logging` does, followed by the fields."""
    at, level, name, said = (event.pop(field) for field in ("time", "level", "logger", "event"))
    trace = event.pop("exception", None)
    line = f"{time.strftime('%Y-%m-%d %H:%M:%S', time.localtime(at))},{int(at % 1 * 1000):03} {level} {name}: {said}"
    if event:
        line = f"{line} {_FIELDS(logger, method, event)}"
    return f"{line}\n{trace}" if trace else line


def _json(_logger: object, _method: str, event: EventDict) -> str:
    """Formats a line as one JSON object, with its time in UTC."""
    at = datetime.fromtimestamp(event["time"], UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return json.dumps({**event, "time": at}, default=_unknown)


def _unknown(value: object) -> str:
    """Names the type of a value that JSON cannot hold, without quoting the value."""
    return f"<{type(value).__name__}>"


structlog.configure(
    processors=[structlog.stdlib.filter_by_level, ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=BoundLogger,
    cache_logger_on_first_use=True,
)
