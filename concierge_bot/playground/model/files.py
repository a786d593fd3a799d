"""Files that people and the bot sent; they live in memory."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from typing import Any

from concierge_bot.playground.errors import ApiError, bad_request

MEGABYTE = 1024 * 1024
DOWNLOAD_LIMIT = 20 * MEGABYTE
UPLOAD_LIMIT = 50 * MEGABYTE
PHOTO_LIMIT = 10 * MEGABYTE

# What the Bot API object of a kind must have beyond the file itself.
SHAPES: dict[str, dict[str, Any]] = {
    "photo": {"width": 1280, "height": 960},
    "voice": {"duration": 1},
    "audio": {"duration": 1},
    "document": {},
    "video": {"width": 1280, "height": 720, "duration": 1},
    "animation": {"width": 480, "height": 480, "duration": 1},
    "video_note": {"length": 240, "duration": 1},
    "sticker": {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False},
}
MIME_TYPES = {"voice": "audio/ogg", "audio": "audio/mpeg", "video": "video/mp4", "animation": "video/mp4"}
SUFFIXES = {
    "photo": ".jpg", "voice": ".oga", "audio": ".mp3", "video": ".mp4", "animation": ".mp4",
    "video_note": ".mp4", "sticker": ".webp",
}  # fmt: skip
NAMED_KINDS = frozenset({"document", "video", "audio", "animation"})


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file and the Bot API object that stands for it in messages (of a photo: its largest size)."""

    kind: str
    data: bytes
    path: str
    wire: dict[str, Any]


class Files:
    """All files by `file_id`, and by the path of their download."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def store(self, kind: str, data: bytes, *, name: str | None = None, **shape: Any) -> StoredFile:
        """Stores a new file.

        Args:
            kind: one of "photo", "voice", "video", "document" and so on.
            data: its bytes.
            name: the file's name at the sender, for documents, videos and audio.
            shape: fields of the Bot API object that are known better, `duration` say.

        Raises:
            ApiError: 400 for an empty file, 413 for one beyond what a bot may upload.
        """
        if not data:
            raise bad_request("file must be non-empty")
        if len(data) > (PHOTO_LIMIT if kind == "photo" else UPLOAD_LIMIT):
            raise ApiError(413, "Request Entity Too Large")
        number = len(self._by_id) + 1
        known = {key: value for key, value in shape.items() if value is not None}
        wire = {
            "file_id": f"{kind}-file-{number:06}",
            "file_unique_id": f"unique{number:06}",
            "file_size": len(data),
            **SHAPES[kind],
            **known,
        }
        if kind in NAMED_KINDS and name:
            wire["file_name"] = name
        mime_type = MIME_TYPES.get(kind) or (mimetypes.guess_type(name)[0] if name else None)
        if mime_type and kind not in {"photo", "sticker", "video_note"}:
            wire["mime_type"] = mime_type
        path = f"{kind}s/file_{number}{SUFFIXES.get(kind) or _suffix(name)}"
        stored = StoredFile(kind, data, path, wire)
        self._by_id[wire["file_id"]] = stored
        self._by_path[path] = stored
        if kind == "photo":
            small = thumbnail(stored)
            self._by_id[small["file_id"]] = StoredFile(kind, data, path, small)
        return stored

    def find(self, file_id: str) -> StoredFile:
        """Returns the file of a `file_id`.

        Raises:
            ApiError: 400 if there is none.
        """
        stored = self._by_id.get(file_id)
        if stored is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return stored

    def at(self, path: str) -> StoredFile:
        """Returns the file for a download path.

        Raises:
            ApiError: 404 if there is none, or it is beyond the 20 MB that a bot may download.
        """
        stored = self._by_path.get(path)
        if stored is None or len(stored.data) > DOWNLOAD_LIMIT:
            raise ApiError(404, "Not Found")
        return stored


def thumbnail(photo: StoredFile) -> dict[str, Any]:
    """Builds the small size that stands first in a message's `photo`; its bytes are those of the large."""
    wire = photo.wire
    return {
        "file_id": f"small-{wire['file_id']}",
        "file_unique_id": f"small-{wire['file_unique_id']}",
        "width": 90,
        "height": 67,
    }


def content_of(stored: StoredFile) -> dict[str, Any]:
    """Returns the field of a Message that carries the file."""
    if stored.kind == "photo":
        return {"photo": [thumbnail(stored), stored.wire]}
    if stored.kind == "animation":  # Telegram repeats it as a document, for old bots
        keys = ("file_id", "file_unique_id", "file_size", "file_name", "mime_type")
        document = {key: stored.wire[key] for key in keys if key in stored.wire}
        return {"animation": stored.wire, "document": document}
    return {stored.kind: stored.wire}


def _suffix(name: str | None) -> str:
    dot = name.rfind(".") if name else -1
    return name[dot:] if name and dot > 0 else ""
