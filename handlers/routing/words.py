"""Owners' words, photos, voice messages and files."""

from __future__ import annotations

from aiogram import Bot, F, Router
from aiogram.types import Message

from concierge_bot.desk.aftercare import call_notes
from concierge_bot.desk.announcements import writing
from concierge_bot.desk.danger import dangers
from concierge_bot.desk.danger.dangers import Said
from concierge_bot.desk.directory import questions
from concierge_bot.desk.invitations import making
from concierge_bot.desk.ordering import asking
from concierge_bot.desk.profiles import latin_names
from concierge_bot.desk.requests.drafts import File
from concierge_bot.screens import NOTHING, Reply
from handlers.routing import commanding
from handlers.routing.conversation import Is, Where, Work
from handlers.routing.spoken import quoted_by, text_of
from storage.tables.requests import AttachmentKind

KINDS = ("animation", "document", "video", "voice", "audio", "video_note")
"""An animation comes with a document of the same content, so it is looked for first."""


async def words(message: Message, work: Work, bot: Bot) -> Reply:
    """Hears words: a supervisor's name to invite, correction, announcement or note, else an owner's need or answer.

    An owner's words, which may be an answer as well, are searched for danger first.
    """
    text, quoted, name = text_of(message), quoted_by(message), (await bot.me()).username or ""
    return await work(
        lambda desk, caller: (
            making.hear(desk, caller, text, name)
            or questions.hear(desk, caller, text)
            or writing.hear(desk, caller, text)
            or call_notes.hear(desk, caller, text)
            or latin_names.hear(desk, caller, text)
            or dangers.heed(desk, caller, Said(text), lambda: asking.write(desk, caller, quoted + text))
        )
    )


async def file(message: Message, work: Work) -> Reply:
    """Hears a file: attaches it to the owner's request or draft, once its caption was searched for danger."""
    found = file_of(message)
    if found is None:
        return await other(message, work)
    return await work(
        lambda desk, caller: (
            writing.only_words(desk, caller)
            or dangers.heed(desk, caller, Said(found.caption, found), lambda: asking.attach(desk, caller, found))
        )
    )


async def edited(message: Message, work: Work) -> Reply:
    """Hears a message that was edited. A live location, which is edited every few seconds, is ignored."""
    if message.location is not None:
        return await work(lambda _desk, _caller: NOTHING)
    text, found = text_of(message), file_of(message)
    said = quoted_by(message) + text if text else ""
    return await work(
        lambda desk, caller: (
            writing.hear_again(desk, caller, message.message_id, text)
            or dangers.heed(
                desk, caller, Said(said), lambda: asking.edit(desk, caller, message.message_id, said, found)
            )
        )
    )


async def other(_message: Message, work: Work) -> Reply:
    """Answers that a location, a contact, a poll … cannot be passed on, so that nobody thinks it was."""
    return await work(lambda desk, caller: writing.only_words(desk, caller) or asking.cannot_pass_on(desk, caller))


def file_of(message: Message) -> File | None:
    """Returns the file that a message carries; None where it has none."""
    kind = "photo" if message.photo else next((name for name in KINDS if getattr(message, name)), None)
    if kind is None:
        return None
    medium = message.photo[-1] if message.photo else getattr(message, kind)
    is_command = commanding.read(message.caption or "") is not None  # which is no words of theirs
    caption = quoted_by(message) + text_of(message) if message.caption and not is_command else ""
    return File(AttachmentKind(kind), medium.file_id, message.message_id, caption, message.media_group_id)


def router() -> Router:
    """Makes the router of whatever people send in private besides commands and taps."""
    found = Router(name="words")
    in_private = Where.PRIVATE.value
    found.message.filter(in_private)
    found.edited_message.filter(in_private)
    found.message.register(words, Is(F.text))
    found.message.register(file, Is(F.content_type.in_({"photo", *KINDS})))
    found.message.register(other)
    found.edited_message.register(edited)
    return found
