"""Links that wait, for superiors: pages of them, and a page for each."""

from __future__ import annotations

from sqlalchemy import func
from sqlmodel import col, select

from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.departures import role_texts
from concierge_bot.desk.invitations import asking, invitation_rights, taps
from concierge_bot.desk.people import invites
from concierge_bot.desk.roles import register
from concierge_bot.screens import Button, Reply, Screen, Style, cut, joined
from storage.tables.people import Invite, Person
from storage.tables.rows import row_id

PAGE = 8
"""The links on a page: as many buttons as a narrow phone shows at once."""


def turn_to(desk: Desk, caller: Caller, number: int) -> Reply:
    """Shows a page of the links that wait, the newest first, or the last one where there are fewer by now."""
    superior, words = invitation_rights.require_inviter(caller), caller.words
    theirs = (Person.estate_id == superior.estate_id, col(Person.left_at).is_(None), *invites.waiting(desk))
    count = desk.session.exec(
        select(func.count()).select_from(Invite).join(Person, col(Person.id) == Invite.person_id).where(*theirs)
    ).one()
    pages = max(1, -(-count // PAGE))
    number = min(number, pages - 1)
    found = desk.session.exec(
        select(Invite, Person)
        .join(Person, col(Person.id) == Invite.person_id)
        .where(*theirs)
        .order_by(col(Invite.id).desc())
        .offset(number * PAGE)
        .limit(PAGE)
    ).all()
    lines = [
        words.plural_html(
            "✉️ <b>%(count)s invitation not used yet</b>", "✉️ <b>%(count)s invitations not used yet</b>", count
        )
    ]
    if pages > 1:
        lines.append(words.html("Page %(page)s of %(pages)s", page=number + 1, pages=pages))
    buttons = tuple(
        (Button(_label(desk, caller, person), taps.INVITE_LINK.data(row_id(invite))),) for invite, person in found
    )
    back = (Button(words.context_text("button", "‹ Back"), taps.INVITE.data()),)
    rows = (*buttons, *asking.turning(number, pages, taps.INVITE_LINKS.data), back)
    return Reply(screen=Screen(joined(lines), rows), in_place=True)


def show(desk: Desk, caller: Caller, invite_id: int) -> Reply:
    """Shows a link: for whom, by whom and when it was made, and the buttons that replace or end it."""
    _, invite, person = invitation_rights.require_link(desk, caller, invite_id)
    words, zone, today = caller.words, desk.zone(person.estate_id), desk.today(person.estate_id)
    maker = (
        desk.person(invite.made_by).name
        if invite.made_by is not None
        else words.context_text("who changed something", "the operator")
    )
    roles = words.listed(role_texts.named(desk, role, words) for role in register.standing(desk, person))
    lines = [words.html("✉️ <b>%(name)s</b>, %(role)s", name=person.name, role=roles), ""]
    if invite.made_at is not None:
        made = words.stamp(invite.made_at, zone, today)
        lines.append(words.html("Made by %(name)s, %(time)s.", name=maker, time=made))
    if invite.expires_at > desk.now:
        lines.append(words.html("One use, %(until_when)s.", until_when=words.until(invite.expires_at, zone, today)))
    else:
        since_when = words.since(invite.expires_at, zone, today)
        lines.append(words.html("It is no longer valid, %(since_when)s.", since_when=since_when))
    rows = (
        (
            Button(words.context_text("button", "🔗 New link"), taps.INVITE_RENEW.data(invite_id)),
            Button(words.context_text("button", "🗑 Withdraw"), taps.INVITE_REVOKE.data(invite_id), Style.DANGER),
        ),
        (Button(words.context_text("button", "‹ Back"), taps.INVITE_LINKS.data(0)),),
    )
    return Reply(screen=Screen(joined(lines), rows), in_place=True)


def _label(desk: Desk, caller: Caller, person: Person) -> str:
    roles = [role_texts.named(desk, role, caller.words) for role in register.standing(desk, person)]
    return cut(" · ".join([person.name, *roles]), asking.LABEL_LIMIT)
