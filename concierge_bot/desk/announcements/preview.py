"""The preview of an announcement: its messages as owners get them, their number, the duration, and the buttons."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from markupsafe import Markup

from concierge_bot.catalogue.durations import out_of
from concierge_bot.desk.announcements import audience as audiences
from concierge_bot.desk.announcements import drafts, taps, texts
from concierge_bot.desk.announcements.audience import Reach
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.queues import outbox
from concierge_bot.desk.queues.policies import ALWAYS
from concierge_bot.i18n import Words
from concierge_bot.screens import Button, Rows, Screen, joined
from storage.tables.announcements import Announcement
from storage.tables.people import Person
from storage.tables.queues import Urgency
from storage.tables.rows import row_id

NOW, LATER = "now", "later"
READER = "preview"
MINUTE = timedelta(minutes=1)


def show(desk: Desk, caller: Caller, announcement: Announcement) -> None:
    """Sends the message that owners get in each language, then the figures with the buttons.

    All of it goes through the outbox, in this order: a text fills a message, so the figures are one of their own.
    """
    examples = audiences.examples(desk, announcement)
    for language in texts.written(announcement):
        if (example := examples.get(language)) is not None:
            say_to(desk, caller, texts.message(announcement, example, language))
    say_to(desk, caller, _figures(desk, caller, announcement, examples))


def try_out(desk: Desk, caller: Caller, announcement: Announcement) -> None:
    """Sends the caller the messages that an owner of their name would get, then the figures again."""
    for language in texts.written(announcement):
        say_to(desk, caller, texts.message(announcement, caller.require_person(), language))
    say_to(desk, caller, _figures(desk, caller, announcement, audiences.examples(desk, announcement)))


def say_to(desk: Desk, caller: Caller, screen: Screen) -> None:
    """Writes a message to the caller, after those written before."""
    outbox.say(desk, caller.sender.chat_id, screen, Urgency.OWNER, policy=ALWAYS, reader=READER)


def state_number(desk: Desk, announcement: Announcement) -> int:
    """Returns a checksum of what the preview shows: a button sends only while its preview is current."""
    shown = [announcement.texts, announcement.audience, quiet_until(desk, announcement) is not None]
    return zlib.crc32(json.dumps(shown, sort_keys=True).encode()) % 10**9


def quiet_until(desk: Desk, announcement: Announcement) -> datetime | None:
    """Returns the end of the current quiet hours; None outside of them."""
    end = out_of(
        desk.catalogue_of(announcement.estate_id).rules.quiet_hours, desk.now, desk.zone(announcement.estate_id)
    )
    return end if end > desk.now else None


def duration(desk: Desk, count: int) -> timedelta:
    """Returns the time that sending so many messages takes."""
    return timedelta(seconds=count / desk.bulk_rate)


def _figures(desk: Desk, caller: Caller, announcement: Announcement, examples: dict[str, Person]) -> Screen:
    say, reach = caller.words, drafts.reach_of(desk, announcement)
    quiet_end = quiet_until(desk, announcement)
    named = say.listed(person.name for language, person in examples.items() if announcement.texts.get(language))
    lines = [
        say.html("⬆️ This is what owners will receive. Shown as for: %(names)s.", names=named),
        "",
        Markup("<b>%s</b>") % audiences.described(desk, say, announcement),
        *_readers(say, announcement, reach),
        *_remarks(desk, say, announcement, reach, quiet_end),
    ]
    return Screen(joined(lines), _buttons(desk, say, announcement, reach, quiet_end))


def _readers(say: Words, announcement: Announcement, reach: Reach) -> Iterator[Markup]:
    """Yields the number of owners for each language, and the language that they get where it is not their own."""
    for language, count in reach.readers.items():
        said = texts.language_for(announcement, language)
        facts = {"number": say.number(count), "language": say.named(language), "other": say.named(said)}
        if said == language:
            yield say.plural_html("%(language)s: %(number)s owner", "%(language)s: %(number)s owners", count, **facts)
        else:
            yield say.plural_html(
                "⚠️ %(language)s: %(number)s owner. Text they receive: %(other)s.",
                "⚠️ %(language)s: %(number)s owners. Text they receive: %(other)s.",
                count,
                **facts,
            )


def _remarks(
    desk: Desk, say: Words, announcement: Announcement, reach: Reach, quiet_end: datetime | None
) -> Iterator[Markup]:
    if reach.unreachable:
        yield say.plural_html(
            "%(number)s owner cannot be reached: the bot is blocked, or the invitation was never opened.",
            "%(number)s owners cannot be reached: the bot is blocked, or the invitation was never opened.",
            reach.unreachable,
            number=say.number(reach.unreachable),
        )
    if duration(desk, reach.total) < MINUTE:
        yield say.html("Sending takes less than a minute.")
    else:
        yield say.html("Sending time: about %(span)s.", span=say.span(duration(desk, reach.total)))
    if quiet_end is not None:
        until_when = say.until(quiet_end, desk.zone(announcement.estate_id))
        yield say.html(
            "🌙 Quiet hours last %(until_when)s. If you send it now, it will arrive silently.", until_when=until_when
        )


def _buttons(desk: Desk, say: Words, announcement: Announcement, reach: Reach, quiet_end: datetime | None) -> Rows:
    number, state = row_id(announcement), state_number(desk, announcement)
    test = Button(say.text("Send me a test"), taps.ANNOUNCE_TEST.data(number))
    change = Button(say.text("Change the text"), taps.ANNOUNCE_CHANGE.data(number, ""))
    discard = Button(say.context_text("button", "Discard"), taps.ANNOUNCE_DISCARD.data(number))
    if quiet_end is None:
        label = say.plural_text(
            "Send to %(number)s owner", "Send to %(number)s owners", reach.total, number=say.number(reach.total)
        )
        return (test,), (Button(label, taps.ANNOUNCE_SEND.data(number, state, NOW)),), (change, discard)
    label = say.plural_text(
        "Send to %(number)s owner %(at_when)s",
        "Send to %(number)s owners %(at_when)s",
        reach.total,
        number=say.number(reach.total),
        at_when=say.at(quiet_end, desk.zone(announcement.estate_id)),
    )
    return (
        (test,),
        (Button(label, taps.ANNOUNCE_SEND.data(number, state, LATER)),),
        (Button(say.text("Send now, silently"), taps.ANNOUNCE_SEND.data(number, state, NOW)),),
        (change, discard),
    )
