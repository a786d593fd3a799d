"""From an HTTP request to raw parameters and uploaded files."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web

from concierge_bot.playground.errors import bad_request
from concierge_bot.playground.server.parameters import Upload

Raw = dict[str, Any]
NO_UTF8 = "strings must be encoded in UTF-8"


async def read_request(request: web.Request) -> tuple[Raw, dict[str, Upload]]:
    """Reads the parameters of the query and of the body, which may be a form, JSON or multipart.

    Raises:
        ApiError: 400 if the body can't be read.
    """
    raw: Raw = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.method != "POST" or not request.can_read_body:
        return raw, uploads
    kind = request.content_type
    if kind.startswith("multipart/"):
        await _read_multipart(request, raw, uploads)
    elif kind == "application/json":
        raw |= _json_object(await request.read())
    else:
        raw |= _form(await request.read())
    return raw, uploads


def _json_object(body: bytes) -> Raw:
    try:
        value = json.loads(body)
    except ValueError:
        raise bad_request("can't parse JSON in the request body") from None
    if not isinstance(value, dict):
        raise bad_request("the request body must be a JSON object")
    return value


def _form(body: bytes) -> Raw:
    try:
        return dict(parse_qsl(_text(body), keep_blank_values=True, errors="strict"))
    except UnicodeDecodeError:
        raise bad_request(NO_UTF8) from None


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise bad_request(NO_UTF8) from None


async def _read_multipart(request: web.Request, raw: Raw, uploads: dict[str, Upload]) -> None:
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or not part.name:
            raise bad_request("can't read the multipart form")
        data = bytes(await part.read(decode=True))
        if part.filename is None:
            raw[part.name] = _text(data)
        else:
            mime_type = part.headers.get("Content-Type", "application/octet-stream")
            uploads[part.name] = Upload(part.filename, data, mime_type)
