"""The messages beneath the team's card: the owner's photos, voice messages and files, and texts too long for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from typing import Any

from markupsafe import escape

from concierge_bot.desk.cards.readers import ReaderKind
from concierge_bot.desk.context import Desk
from concierge_bot.desk.people import notification_policy
from concierge_bot.desk.queues import outbox
from concierge_bot.desk.queues.policies import ALWAYS
from concierge_bot.desk.requests import answers, repository
from concierge_bot.screens import CAPTION_LIMIT, TEXT_LIMIT, Screen, cut, length
from storage.tables.people import Person
from storage.tables.queues import Card, Urgency
from storage.tables.requests import Attachment, AttachmentKind, Request

ALBUM_LIMIT = 10
AT_ONCE = 10
"""The most files of a request that are passed on unasked; the others on a tap."""
ON_A_TAP = "files"
"""The reader of files that were sent on a tap, in the outbox."""
METHODS = {
    AttachmentKind.PHOTO: "sendPhoto",
    AttachmentKind.VIDEO: "sendVideo",
    AttachmentKind.DOCUMENT: "sendDocument",
    AttachmentKind.AUDIO: "sendAudio",
    AttachmentKind.VOICE: "sendVoice",
    AttachmentKind.ANIMATION: "sendAnimation",
    AttachmentKind.VIDEO_NOTE: "sendVideoNote",
}
WITHOUT_CAPTION = frozenset({AttachmentKind.VIDEO_NOTE})
ALBUMS = {
    AttachmentKind.PHOTO: "pictures",
    AttachmentKind.VIDEO: "pictures",
    AttachmentKind.DOCUMENT: "documents",
    AttachmentKind.AUDIO: "audio",
}
"""The kinds of files that Telegram accepts in one album, by a common name."""


def send_beneath(desk: Desk, request: Request, card: Card) -> None:
    """Writes the long texts and the first files of a request into the outbox, beneath the card."""
    texts = list(answers.too_long_for_a_line(request.answers))
    _send_texts(desk, request, card, texts, Urgency.TASK)
    files, _ = in_two(repository.attachments(desk, request))
    _send_files(desk, request, card, files, said=set(texts))


def send_more_beneath(desk: Desk, request: Request, card: Card, files: list[Attachment]) -> None:
    """Writes files that came later into the outbox, beneath the card; not those that wait for a tap."""
    at_once, _ = in_two(repository.attachments(desk, request))
    _send_files(desk, request, card, [file for file in files if file in at_once])


def send_rest_beneath(desk: Desk, request: Request, card: Card) -> None:
    """Writes the files that waited for a tap into the outbox, beneath the card."""
    _send_files(desk, request, card, rest(desk, request), reader=ON_A_TAP)


def send_rest_to(desk: Desk, request: Request, person: Person, heading: Screen, reader: str) -> None:
    """Writes the files that waited for a tap into the outbox, for the private chat of one person."""
    chat_id = person.telegram_id or 0
    files = rest(desk, request)
    screens = [heading, *(Screen(escape(piece)) for text in _long_captions(files) for piece in pieces(text))]
    for screen in screens:
        outbox.say(desk, chat_id, screen, Urgency.FILES, policy=ALWAYS, reader=reader, subject=request.subject)
    for method, params in map(_call, _albums(files)):
        outbox.call(desk, chat_id, method, params, Urgency.FILES, policy=ALWAYS, reader=reader, subject=request.subject)


def rest(desk: Desk, request: Request) -> list[Attachment]:
    """Returns the files of a request that wait for a tap."""
    return in_two(repository.attachments(desk, request))[1]


def in_two(files: list[Attachment]) -> tuple[list[Attachment], list[Attachment]]:
    """Splits files into those passed on at once and those that wait for a tap.

    Of a return and of each request before it, the first AT_ONCE are passed on.
    """
    counts: Counter[int] = Counter()
    at_once: list[Attachment] = []
    waiting: list[Attachment] = []
    for file in files:
        counts[file.draft_id] += 1
        (at_once if counts[file.draft_id] <= AT_ONCE else waiting).append(file)
    return at_once, waiting


def _send_files(
    desk: Desk,
    request: Request,
    card: Card,
    files: list[Attachment],
    *,
    said: Collection[str] = (),
    reader: str = ReaderKind.TEAM,
) -> None:
    _send_texts(desk, request, card, [text for text in _long_captions(files) if text not in said], Urgency.FILES)
    for album in _albums(files):
        _send(desk, request, card, album, reader)


def _long_captions(files: list[Attachment]) -> list[str]:
    return list(dict.fromkeys(file.caption for file in files if length(file.caption) > CAPTION_LIMIT))


def _send_texts(desk: Desk, request: Request, card: Card, texts: Iterable[str], urgency: Urgency) -> None:
    for text in (piece for whole in dict.fromkeys(texts) for piece in pieces(whole)):
        outbox.say(
            desk,
            card.chat_id,
            Screen(escape(text)),
            urgency,
            policy=notification_policy.of_request(desk, request),
            thread_id=card.thread_id,
            subject=request.subject,
            beneath_card=card.id,
        )


def _send(desk: Desk, request: Request, card: Card, album: list[Attachment], reader: str) -> None:
    method, params = _call(album)
    if card.thread_id:
        params["message_thread_id"] = card.thread_id
    outbox.call(
        desk,
        card.chat_id,
        method,
        params,
        Urgency.FILES,
        policy=notification_policy.of_request(desk, request),
        subject=request.subject,
        beneath_card=card.id,
        reader=reader,
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
    params: dict[str, Any] = {file.kind.value: file.file_id}
    if file.caption and file.kind not in WITHOUT_CAPTION:
        params["caption"] = cut(file.caption, CAPTION_LIMIT)
    return METHODS[file.kind], params


def _medium(file: Attachment) -> dict[str, str]:
    medium = {"type": file.kind.value, "media": file.file_id}
    return medium | ({"caption": cut(file.caption, CAPTION_LIMIT)} if file.caption else {})
