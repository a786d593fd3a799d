"""Notices to whoever made a link by tap: somebody has joined by it."""

from __future__ import annotations

from concierge_bot.desk.context import Desk, words_of
from concierge_bot.desk.departures import role_texts
from concierge_bot.desk.departures.taps import PERSON
from concierge_bot.desk.people import rights
from concierge_bot.desk.queues import outbox
from concierge_bot.desk.queues.policies import SILENT
from concierge_bot.desk.roles import register
from concierge_bot.screens import Button, Screen
from storage.tables.people import Invite, Person
from storage.tables.queues import Urgency
from storage.tables.rows import row_id

READER = "joined"


def tell_maker(desk: Desk, invite: Invite, joined: Person) -> None:
    """Tells the superior who made a link, without a sound, who has joined by it; the operator's links tell nobody."""
    maker = desk.session.get(Person, invite.made_by) if invite.made_by is not None else None
    if maker is None or not maker.reachable or not rights.is_superior(maker) or maker.estate_id != joined.estate_id:
        return
    words = words_of(desk, maker)
    roles = words.listed(role_texts.named(desk, role, words) for role in register.standing(desk, joined))
    text = words.html("👋 <b>%(name)s</b> has joined: %(roles)s", name=joined.name, roles=roles)
    button = Button(words.context_text("button", "See them"), PERSON.data(row_id(joined)))
    screen = Screen(text, ((button,),))
    outbox.say(desk, maker.telegram_id or 0, screen, Urgency.ROUTINE, policy=SILENT, reader=READER)
