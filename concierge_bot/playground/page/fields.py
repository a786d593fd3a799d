"""The fields of the page's requests, read with care."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

TEXT_LIMIT = 8192


class Fields:
    """The JSON object in a request's body.

    Every method raises ValueError, with a reason to show, where the field is not as it should be.
    """

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    @classmethod
    async def of(cls, request: web.Request) -> Fields:
        """Reads the fields of a request."""
        try:
            values = json.loads(await request.text())
        except ValueError:
            values = None
        if not isinstance(values, dict):
            raise ValueError("the request holds no JSON object")  # noqa: TRY004 -- its reader shows it
        return cls(values)

    def number(self, name: str) -> int:
        """Returns a whole number."""
        value = self._values.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValueError(f"{name} is missing")  # noqa: TRY004
        return value

    def number_or_none(self, name: str) -> int | None:
        """Returns a whole number, or None if the field is missing."""
        return None if self._values.get(name) is None else self.number(name)

    def text(self, name: str, limit: int = TEXT_LIMIT) -> str:
        """Returns a text that is not empty."""
        value = self.text_or_empty(name, limit)
        if not value.strip():
            raise ValueError(f"{name} is missing")
        return value

    def text_or_empty(self, name: str, limit: int = TEXT_LIMIT) -> str:
        """Returns a text, which may be empty."""
        value = self._values.get(name, "")
        if not isinstance(value, str) or len(value) > limit:
            raise ValueError(f"{name} is too long, or no text")
        return value

    def flag(self, name: str) -> bool:
        """Returns a yes or no."""
        return self._values.get(name) is True
