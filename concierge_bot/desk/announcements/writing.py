"""The writing of an announcement: the audience and the texts."""

from __future__ import annotations

import re
from typing import Any

from concierge_bot.desk.announcements import announcement_rights, drafts, preview, steps, taps, texts
from concierge_bot.desk.announcements import audience as audiences
from concierge_bot.desk.announcements.audience import Reach
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.people import rights
from concierge_bot.desk.people.refusals import no_such_button
from concierge_bot.i18n import Words, language_of, languages
from concierge_bot.screens import Button, Reply, Rows, Screen, cut, joined, length, toast
from storage.tables.announcements import Announcement
from storage.tables.people import Person
from storage.tables.rows import row_id

ALL, VILLAS, OF_LANGUAGE = "all", "villas", "in-"
"""The names of audiences in taps."""
SEPARATORS = re.compile(r"[,;，、；\n]")
UNKNOWN_SHOWN = 100


def begin(desk: Desk, caller: Caller) -> Reply:
    """Handles /announce: asks for the audience."""
    author = rights.require_announcer(caller)
    say, reach = caller.words, audiences.reach(desk, author.estate_id, {})
    if not reach.total:
        return Reply(screen=Screen(say.html("No owner can be reached yet: nobody has opened their invitation.")))
    text = joined([say.html("<b>A new announcement</b>"), say.html("Who should receive it?")])
    return Reply(screen=Screen(text, (*_audiences(say, reach), *_begun(desk, say, author))))


def choose(desk: Desk, caller: Caller, audience: str) -> Reply:
    """Begins a draft for the chosen audience."""
    author = rights.require_announcer(caller)
    narrowed = _narrowed(audience)
    if narrowed is None:
        raise no_such_button(caller)
    return steps.go_on(desk, caller, drafts.new(desk, author, narrowed), in_place=True)


def hear(desk: Desk, caller: Caller, text: str) -> Reply | None:
    """Takes a supervisor's words for a draft: villas or a text. Returns None where it asks for none."""
    announcement = drafts.listening(desk, caller)
    if announcement is None:
        return None
    if audiences.wants_villas(announcement):
        return _take_villas(desk, caller, announcement, text)
    language = drafts.next_language(announcement, drafts.reach_of(desk, announcement))
    return None if language is None else _take_text(desk, caller, announcement, language, text)


def hear_again(desk: Desk, caller: Caller, message_id: int, text: str) -> Reply | None:
    """Takes an edited message that was a text of a draft as its new text. Returns None for any other message."""
    announcement = drafts.listening(desk, caller)
    language = texts.from_message(announcement, message_id) if announcement is not None else None
    if announcement is None or language is None:
        return None
    return _take_text(desk, caller, announcement, language, text)


def only_words(desk: Desk, caller: Caller) -> Reply | None:
    """Answers a message that is no words while words are asked for. Returns None where they are not."""
    announcement = drafts.listening(desk, caller)
    if announcement is None or steps.is_complete(desk, announcement):
        return None
    return Reply(screen=Screen(caller.words.html("An announcement can contain text only. Please send me the text.")))


def cancel(desk: Desk, caller: Caller) -> Reply | None:
    """Handles /cancel: discards the draft. Returns None where there is none."""
    announcement = drafts.listening(desk, caller)
    return None if announcement is None else discard(desk, caller, row_id(announcement), in_place=False)


def skip(desk: Desk, caller: Caller, announcement_id: int, language: str) -> Reply:
    """Leaves the text in a language out: its readers get another one."""
    announcement = announcement_rights.require_draft(desk, caller, announcement_id)
    reach = drafts.reach_of(desk, announcement)
    language = language_of(language) or language
    is_asked = language == drafts.next_language(announcement, reach)
    if is_asked and steps.may_skip(announcement, reach.readers, language):
        texts.leave_out(announcement, language)
        desk.session.flush()
    return steps.go_on(desk, caller, announcement, in_place=True)


def change(desk: Desk, caller: Caller, announcement_id: int, language: str) -> Reply:
    """Asks for another text; first for its language, where several have been decided."""
    announcement = announcement_rights.require_draft(desk, caller, announcement_id)
    decided = [found for found in languages() if not texts.is_undecided(announcement, found)]
    if not language and len(decided) > 1:
        say = caller.words
        rows = tuple(
            (Button(say.named(found), taps.ANNOUNCE_CHANGE.data(announcement_id, found)),) for found in decided
        )
        return Reply(screen=Screen(say.html("Which version would you like to change?"), rows))
    for found in [language_of(language) or language] if language else decided:
        texts.forget(announcement, found)
    desk.session.flush()
    return steps.go_on(desk, caller, announcement, in_place=bool(language))


def try_out(desk: Desk, caller: Caller, announcement_id: int) -> Reply:
    """Sends the announcement to the caller alone, as a test."""
    announcement = announcement_rights.require_draft(desk, caller, announcement_id)
    if not steps.is_complete(desk, announcement):
        return steps.go_on(desk, caller, announcement, in_place=False)
    preview.try_out(desk, caller, announcement)
    return toast(caller.words.text("I am sending you a test."))


def discard(desk: Desk, caller: Caller, announcement_id: int, *, in_place: bool = True) -> Reply:
    """Discards a draft."""
    announcement = announcement_rights.require_draft(desk, caller, announcement_id)
    drafts.discard(desk, announcement)
    said = caller.words.html("The announcement has been discarded. It was not sent to anybody.")
    return Reply(screen=Screen(said), in_place=in_place)


def show(desk: Desk, caller: Caller, announcement_id: int) -> Reply:
    """Continues a draft where the caller left off."""
    announcement = announcement_rights.require_draft(desk, caller, announcement_id)
    return steps.go_on(desk, caller, announcement, in_place=True)


def _audiences(say: Words, reach: Reach) -> Rows:
    everybody = say.context_text("button", "All owners (%(number)s)", number=say.number(reach.total))
    rows: Rows = ((Button(everybody, taps.ANNOUNCE_TO.data(ALL)),),)
    if len(reach.readers) > 1:
        rows += tuple(
            (Button(_reading(say, language, count), taps.ANNOUNCE_TO.data(OF_LANGUAGE + language)),)
            for language, count in reach.readers.items()
        )
    return (*rows, (Button(say.text("Owners of selected villas…"), taps.ANNOUNCE_TO.data(VILLAS)),))


def _reading(say: Words, language: str, count: int) -> str:
    return say.text("Owners reading: %(language)s (%(number)s)", language=say.named(language), number=say.number(count))


def _begun(desk: Desk, say: Words, author: Person) -> Rows:
    begun = drafts.open_of(desk, author)
    if begun is None or not texts.written(begun):
        return ()
    return ((Button(say.text("Continue your draft"), taps.ANNOUNCE_SHOW.data(row_id(begun))),),)


def _narrowed(audience: str) -> dict[str, Any] | None:
    if audience == ALL:
        return {}
    if audience == VILLAS:
        return {audiences.VILLAS: None}
    language = language_of(audience.removeprefix(OF_LANGUAGE))
    return {audiences.LANGUAGE: language} if language is not None else None


def _take_villas(desk: Desk, caller: Caller, announcement: Announcement, text: str) -> Reply:
    names = [name.strip() for name in SEPARATORS.split(text) if name.strip()]
    found, unknown = audiences.villas_named(desk, announcement.estate_id, names)
    if unknown or not found:
        named = cut(caller.words.listed(unknown), UNKNOWN_SHOWN)
        sorry = caller.words.html(
            "There is no villa “%(name)s” on this estate. Please send the villas again.", name=named
        )
        return Reply(screen=Screen(sorry, steps.discard_button(caller, announcement)))
    narrowed = {audiences.VILLAS: found}
    if not audiences.reach(desk, announcement.estate_id, narrowed).total:
        sorry = caller.words.html("None of the owners of these villas can be reached. Please choose other villas.")
        return Reply(screen=Screen(sorry, steps.discard_button(caller, announcement)))
    announcement.audience = narrowed
    desk.session.flush()
    return steps.go_on(desk, caller, announcement, in_place=False)


def _take_text(desk: Desk, caller: Caller, announcement: Announcement, language: str, text: str) -> Reply:
    say, text = caller.words, text.strip()
    if not text or texts.is_too_long(text):
        sorry = say.plural_html(
            "Your text has %(length)s character; an announcement may have up to %(limit)s. Please send it again.",
            "Your text has %(length)s characters; an announcement may have up to %(limit)s. Please send it again.",
            length(text),
            length=say.number(length(text)),
            limit=say.number(texts.LONGEST),
        )
        return Reply(screen=Screen(sorry))
    texts.put(announcement, language, text, caller.sender.message_id)
    desk.session.flush()
    return steps.go_on(desk, caller, announcement, in_place=False)
