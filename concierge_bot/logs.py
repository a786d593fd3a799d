"""The log: one line an event, without tokens and without people's words."""

from __future__ import annotations

import logging
import re

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{3,}")


class WithoutTokens(logging.Formatter):
    """Takes out whatever looks like a bot's token, also from tracebacks."""

    def format(self, record: logging.LogRecord) -> str:
        return TOKEN.sub("<token>", super().format(record))


def configure(*, verbose: bool) -> None:
    """Logs to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(WithoutTokens(FORMAT))
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, handlers=[handler], force=True)
    for noisy in ("aiogram.event", "apscheduler", "httpx"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
