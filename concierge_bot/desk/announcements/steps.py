"""The steps to a complete announcement: each asks for a missing part; the last one is the preview."""

from __future__ import annotations

from markupsafe import Markup

from concierge_bot.desk.announcements import audience as audiences
from concierge_bot.desk.announcements import drafts, preview, taps, texts
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.screens import NOTHING, Button, Reply, Rows, Screen, joined
from storage.tables.announcements import Announcement
from storage.tables.rows import row_id


def go_on(desk: Desk, caller: Caller, announcement: Announcement, *, in_place: bool) -> Reply:
    """Asks for the next missing part; shows the preview where nothing is missing."""
    say = caller.words
    if audiences.wants_villas(announcement):
        question = say.html("Which villas? Please send their numbers, separated by commas: 8, 12, 14")
        return Reply(screen=Screen(question, discard_button(caller, announcement)), in_place=in_place)
    reach = drafts.reach_of(desk, announcement)
    if not reach.total:
        nobody = say.html("None of these owners can be reached at the moment.")
        return Reply(screen=Screen(nobody, discard_button(caller, announcement)), in_place=in_place)
    language = drafts.next_language(announcement, reach)
    if language is not None:
        return Reply(screen=_ask_text(desk, caller, announcement, reach.readers, language), in_place=in_place)
    preview.show(desk, caller, announcement)
    return Reply(screen=Screen(say.html("Here is the preview:")), in_place=True) if in_place else NOTHING


def is_complete(desk: Desk, announcement: Announcement) -> bool:
    """Returns whether nothing is missing."""
    if audiences.wants_villas(announcement):
        return False
    reach = drafts.reach_of(desk, announcement)
    return reach.total > 0 and drafts.next_language(announcement, reach) is None


def may_skip(announcement: Announcement, readers: dict[str, int], language: str) -> bool:
    """Returns whether there is, or can still be, another text for the readers of a language."""
    others = [other for other in readers if other != language]
    return bool(texts.written(announcement)) or any(texts.is_undecided(announcement, other) for other in others)


def discard_button(caller: Caller, announcement: Announcement) -> Rows:
    """Returns the button that discards a draft."""
    return (
        (Button(caller.words.context_text("button", "Discard"), taps.ANNOUNCE_DISCARD.data(row_id(announcement))),),
    )


def _ask_text(desk: Desk, caller: Caller, announcement: Announcement, readers: dict[str, int], language: str) -> Screen:
    say, count = caller.words, readers[language]
    lines = [
        Markup("<b>%s</b>") % audiences.described(desk, say, announcement),
        say.plural_html(
            "<b>%(language)s</b>: please send me the text for %(number)s owner.",
            "<b>%(language)s</b>: please send me the text for %(number)s owners.",
            count,
            language=say.named(language),
            number=say.number(count),
        ),
        say.html("I add the salutation “Dear …,”; the rest goes out exactly as you write it."),
    ]
    rows = (*_skip_button(caller, announcement, readers, language), *discard_button(caller, announcement))
    return Screen(joined(lines), rows)


def _skip_button(caller: Caller, announcement: Announcement, readers: dict[str, int], language: str) -> Rows:
    if not may_skip(announcement, readers, language):
        return ()
    say, found = caller.words, texts.written(announcement)
    label = (
        say.text("Send them: %(language)s", language=say.named(found[0]))
        if found
        else say.text("No text: %(language)s", language=say.named(language))
    )
    return ((Button(label, taps.ANNOUNCE_SKIP.data(row_id(announcement), language)),),)
