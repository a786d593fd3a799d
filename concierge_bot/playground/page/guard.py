"""The guard of the page's API: only the page itself may use it. Other sites can make a browser call loopback, too."""

from __future__ import annotations

import functools
import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from concierge_bot.playground.errors import ApiError

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

OWN_HEADER = "X-Playground"
POLICY = "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'none'; frame-ancestors 'none'"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def is_own(request: web.Request) -> bool:
    """Returns whether the request comes from this very page: same origin, with a header that forms can't send."""
    origin = request.headers.get("Origin")
    own = origin is None or origin == f"http://{request.host}"
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    return own and site == "same-origin" and OWN_HEADER in request.headers


def refusal(status: int, why: str) -> web.Response:
    """Builds an answer with a reason that the page shows."""
    return web.json_response({"error": why}, status=status, headers=HEADERS)


def changing(handler: Handler) -> Handler:
    """Wraps a handler that changes something: refuses strangers, and answers the errors of gestures with a reason."""

    @functools.wraps(handler)
    async def guarded(request: web.Request) -> web.StreamResponse:
        if not is_own(request):
            return refusal(403, "This can be done from the playground's own page only.")
        try:
            return await handler(request)
        except ApiError as error:
            return refusal(400, error.description)
        except (PermissionError, LookupError, ValueError) as error:
            log.info("the page asked for what can't be: %r", error)
            return refusal(409, str(error.args[0]) if error.args else "That can't be done.")

    return guarded


def done(**result: object) -> web.Response:
    """Builds the answer to a gesture that succeeded."""
    return web.json_response({"ok": True, **result}, headers=HEADERS)
