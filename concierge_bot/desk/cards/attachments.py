"""The messages beneath the team's card: the owner's photos, voice messages and files, and texts too long for it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from markupsafe import escape

from concierge_bot.desk.cards.readers import ReaderKind
from concierge_bot.desk.context import Desk
from concierge_bot.desk.people import notification_policy
from concierge_bot.desk.queues import outbox
from concierge_bot.desk.requests import answers, repository
from concierge_bot.screens import CAPTION_LIMIT, TEXT_LIMIT, Screen, cut, length
from storage.tables.queues import Card, Urgency
from storage.tables.requests import Attachment, Request

ALBUM_LIMIT = 10
METHODS = {
    "photo": "sendPhoto",
    "video": "sendVideo",
    "document": "sendDocument",
    "audio": "sendAudio",
    "voice": "sendVoice",
    "animation": "sendAnimation",
    "video_note": "sendVideoNote",
}
WITHOUT_CAPTION = frozenset({"video_note"})
ALBUMS = {"photo": "pictures", "video": "pictures", "document": "documents", "audio": "audio"}
"""The kinds of files that Telegram accepts in one album, by a common name."""


def send_beneath(desk: Desk, request: Request, card: Card) -> None:
    """Writes the long texts and the files of a request into the outbox, beneath the card."""
    files = repository.attachments(desk, request)
    too_long = [
        *answers.too_long_for_a_line(request.answers),
        *(file.caption for file in files if length(file.caption) > CAPTION_LIMIT),
    ]
    for text in (piece for whole in dict.fromkeys(too_long) for piece in pieces(whole)):
        outbox.say(
            desk,
            card.chat_id,
            Screen(escape(text)),
            Urgency.TASK,
            policy=notification_policy.of_request(desk, request),
            thread_id=card.thread_id,
            subject=request.subject,
            beneath_card=card.id,
        )
    for album in _albums(files):
        _send(desk, request, card, album)


def send_more_beneath(desk: Desk, request: Request, card: Card, files: list[Attachment]) -> None:
    """Writes files that came later into the outbox, beneath the card."""
    for album in _albums(files):
        _send(desk, request, card, album)


def _send(desk: Desk, request: Request, card: Card, album: list[Attachment]) -> None:
    method, params = _call(album)
    if card.thread_id:
        params["message_thread_id"] = card.thread_id
    outbox.call(
        desk,
        card.chat_id,
        method,
        params,
        Urgency.TASK,
        policy=notification_policy.of_request(desk, request),
        subject=request.subject,
        beneath_card=card.id,
        reader=ReaderKind.TEAM,
    )


def pieces(text: str) -> Iterator[str]:
    """Yields a text in pieces that fit into a message each: no character takes more than two UTF-16 units."""
    size = TEXT_LIMIT // 2
    return (text[start : start + size] for start in range(0, len(text), size))


def _albums(files: list[Attachment]) -> list[list[Attachment]]:
    albums: list[list[Attachment]] = []
    for kind, group in groupby(files, key=lambda file: ALBUMS.get(file.kind)):
        together = list(group)
        size = ALBUM_LIMIT if kind else 1
        albums += [together[start : start + size] for start in range(0, len(together), size)]
    return albums


def _call(album: list[Attachment]) -> tuple[str, dict[str, Any]]:
    if len(album) > 1:
        media = [_medium(file) for file in album]
        return "sendMediaGroup", {"media": media}
    file = album[0]
    params: dict[str, Any] = {file.kind: file.file_id}
    if file.caption and file.kind not in WITHOUT_CAPTION:
        params["caption"] = cut(file.caption, CAPTION_LIMIT)
    return METHODS[file.kind], params


def _medium(file: Attachment) -> dict[str, str]:
    medium = {"type": file.kind, "media": file.file_id}
    return medium | ({"caption": cut(file.caption, CAPTION_LIMIT)} if file.caption else {})
