"""The one way in which the server refuses a call."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """Raised to refuse a call, in Telegram's words.

    Args:
        code: HTTP status and `error_code` of the answer.
        description: the text a bot reads, for example "Bad Request: chat not found".
        parameters: hints for the bot, such as `retry_after` (seconds) or `migrate_to_chat_id`.
    """

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """Returns the JSON object of the answer."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(reason: str, **parameters: Any) -> ApiError:
    """Builds a 400: the call itself is wrong, or names something that does not exist."""
    return ApiError(400, f"Bad Request: {reason}", parameters or None)


def forbidden(reason: str) -> ApiError:
    """Builds a 403: the call is fine, but the bot may not do this here."""
    return ApiError(403, f"Forbidden: {reason}")


def conflict(reason: str) -> ApiError:
    """Builds a 409: two ways of taking updates at once."""
    return ApiError(409, f"Conflict: {reason}")
