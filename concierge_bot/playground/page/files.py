"""Files: from the visitor's disk into a chat, and from a chat onto the page."""

from __future__ import annotations

import io
import math
import struct
import wave
from dataclasses import dataclass

from aiohttp import BodyPartReader, web

from concierge_bot.playground.page.fields import Fields
from concierge_bot.playground.page.gestures import Gestures
from concierge_bot.playground.page.guard import HEADERS, Handler, done
from concierge_bot.playground.page.watched import WatchedPlayground
from concierge_bot.playground.people.writing import Attachment

# A browser is told a kind only where the bytes are of it: what people send must never run as a page.
SIGNATURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"OggS", "audio/ogg"),
    (b"\x1aE\xdf\xa3", "audio/webm"),
    (b"ID3", "audio/mpeg"),
)
PHOTOS = frozenset({"image/jpeg", "image/png", "image/webp"})
ALBUM = 10
PLACE = (18.2208, 109.5135)


@dataclass(frozen=True, slots=True)
class Upload:
    """One file from a form."""

    name: str
    data: bytes

    @property
    def is_photo(self) -> bool:
        """Returns whether a phone would send the file as a picture."""
        return kind_of(self.data) in PHOTOS


class FileHandlers:
    """Handlers of the page's API for files.

    Args:
        telegram: the playground of the files.
        gestures: finds people and chats.
        sample: a photo for those who have none at hand.
    """

    def __init__(self, telegram: WatchedPlayground, gestures: Gestures, sample: bytes | None) -> None:
        self._telegram = telegram
        self._gestures = gestures
        self._sample = sample

    def handlers(self) -> dict[str, Handler]:
        """Returns the handlers by the last part of their address."""
        return {"files": self.send, "sample": self.send_sample}

    async def send(self, request: web.Request) -> web.StreamResponse:
        """Sends files from the disk: pictures as photos, several as one album."""
        values, uploads = await _form(request)
        fields = Fields({**values, "person": int(values.get("person", 0)), "chat": int(values.get("chat", 0))})
        person = self._gestures.whose(fields)
        chat = self._gestures.where(person, fields.number("chat"))
        caption = fields.text_or_empty("caption", 1024) or None
        if not uploads:
            raise ValueError("there is no file")
        if len(uploads) > ALBUM:
            raise ValueError("an album has at most ten parts")
        if len(uploads) > 1:
            kind = "photo" if all(upload.is_photo for upload in uploads) else "document"
            parts = [Attachment(kind, upload.data, name=upload.name) for upload in uploads]
            parts[0] = Attachment(kind, uploads[0].data, caption, uploads[0].name)
            await person.sends_album(parts, chat)
        elif uploads[0].is_photo:
            await person.sends_photo(uploads[0].data, caption, chat)
        else:
            await person.sends_document(uploads[0].name, uploads[0].data, caption, chat)
        return done()

    async def send_sample(self, request: web.Request) -> web.StreamResponse:
        """Sends one of the playground's samples: a photo, a voice message, a place."""
        fields = await Fields.of(request)
        person = self._gestures.whose(fields)
        chat = self._gestures.where(person, fields.number("chat"))
        kind = fields.text("kind")
        if kind == "photo" and self._sample is not None:
            await person.sends_photo(self._sample, fields.text_or_empty("caption") or None, chat)
        elif kind == "voice":
            await person.sends_voice(hum(), chat, duration=2)
        elif kind == "location":
            await person.sends_location(*PLACE, chat)
        else:
            raise LookupError("there is no such sample")
        return done()

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Serves a file of a message for the page to show."""
        stored = self._telegram.file(request.match_info["file"])
        kind = kind_of(stored.data)
        headers = dict(HEADERS)
        headers["Cache-Control"] = "private, max-age=3600"
        if kind is None:
            headers["Content-Disposition"] = "attachment"
        return web.Response(body=stored.data, content_type=kind or "application/octet-stream", headers=headers)


def kind_of(data: bytes) -> str | None:
    """Returns the media type that the first bytes show, None for types that a browser should not open."""
    if data[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(data[8:12])
    return next((kind for signature, kind in SIGNATURES if data.startswith(signature)), None)


def hum(seconds: float = 2.0, rate: int = 8000) -> bytes:
    """Synthesises a voice, more or less: a tone that rises and falls, as WAV."""
    count = int(seconds * rate)
    samples = (
        math.sin(2 * math.pi * 170 * (at / rate) + 3 * math.sin(at / rate * 9)) * math.sin(math.pi * at / count)
        for at in range(count)
    )
    sound = io.BytesIO()
    with wave.open(sound, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(b"".join(struct.pack("<h", int(sample * 9000)) for sample in samples))
    return sound.getvalue()


async def _form(request: web.Request) -> tuple[dict[str, str], list[Upload]]:
    if not request.content_type.startswith("multipart/"):
        raise ValueError("the request holds no form")
    values: dict[str, str] = {}
    uploads: list[Upload] = []
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or not part.name:
            continue
        data = bytes(await part.read(decode=True))
        if part.filename is None:
            values[part.name] = data.decode(errors="replace")
        else:
            uploads.append(Upload(part.filename, data))
    return values, uploads
