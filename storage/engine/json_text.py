"""JSON as it is written into columns and onto the wire, and read again."""

from __future__ import annotations

import json
from typing import Any

import orjson

ONLY_JSON = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
"""Moments and dataclasses are no JSON: whoever writes them down says how."""


def written(value: Any) -> bytes:
    """Returns JSON. Raises TypeError for what is no JSON, UnicodeError for letters that UTF-8 does not have.

    What orjson does not write, the standard library may: numbers of more than 64 bits, keys that are numbers. NaN and
    infinity, which JSON does not know, become null.
    """
    try:
        return orjson.dumps(value, option=ONLY_JSON)
    except TypeError:
        return json.dumps(value, ensure_ascii=False).encode()


def as_text(value: Any) -> str:
    """Returns the value as JSON for a column, in which any letters are kept. Raises TypeError for what is no JSON."""
    try:
        return orjson.dumps(value, option=ONLY_JSON).decode()
    except TypeError:
        return json.dumps(value)


def read(text: bytes | str) -> Any:
    """Parses JSON. Raises ValueError or RecursionError where it is none.

    What orjson refuses, the standard library may read: NaN, infinity, letters that UTF-8 does not have. They come from
    no sound program, and one such message must not stop those beside it. Whole numbers of more than 64 bits, which
    Telegram does not have, are read roughly.
    """
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)
