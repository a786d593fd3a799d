"""Links that superiors make in Telegram: a text to forward, and a QR code to be scanned.

Only the hash of a link's code is kept. So the link is in the answer alone, which is sent after the commit: as a row of
the outbox, it would stand in the database and in every backup. Where the answer is lost, a tap makes a new link.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from sqlmodel import col, select

from concierge_bot.desk.context import Caller, Desk, words_of
from concierge_bot.desk.departures import role_texts
from concierge_bot.desk.invitations import invitation_rights, invited, qr_codes, taps
from concierge_bot.desk.people import invites, rights
from concierge_bot.desk.people.refusals import DeclinedError
from concierge_bot.desk.queues import replies
from concierge_bot.desk.roles import register
from concierge_bot.i18n import Words
from concierge_bot.screens import Button, CopyButton, Reply, Screen, Style, joined
from storage.tables.people import Invite, Person
from storage.tables.roles import RoleKind
from storage.tables.rows import row_id

DataOfPage = Callable[[int], str]
READER = "invname"
JUST_MADE = timedelta(seconds=10)
"""The time within which a second tap for the same person is taken for the first one, come twice."""


def reader_of(kind: RoleKind, where: str) -> str:
    """Returns the reader of a question for a name, which says what the answer is for."""
    return f"{READER}:{kind}:{where}"


def hear(desk: Desk, caller: Caller, typed: str, bot_name: str) -> Reply | None:
    """Takes the answer to a question for a name. Returns None where it is no answer to one."""
    question = replies.question(desk, caller.sender, f"{READER}:") if rights.is_superior(caller.person) else None
    if question is None:
        return None
    _, kind, where = question.reader.split(":")
    if kind == RoleKind.OWNER:
        return new_owner(desk, caller, int(where), typed, bot_name)
    superior, role = invitation_rights.require_may_invite(caller, kind)
    name = invited.typed_name(caller, typed)
    person = invited.colleague(desk, superior, invited.grant_of(role, where), name)
    return _link(desk, caller, superior, person, bot_name)


def new_owner(desk: Desk, caller: Caller, villa_id: int, typed: str, bot_name: str) -> Reply:
    """Makes a link for an owner of a villa by name: somebody new, or somebody who has not joined."""
    superior, villa = invitation_rights.require_villa(desk, caller, villa_id)
    person = invited.owner(desk, caller, villa, invited.typed_name(caller, typed))
    return _link(desk, caller, superior, person, bot_name)


def for_known(desk: Desk, caller: Caller, person_id: int, *, bot_name: str) -> Reply:
    """Makes a link for somebody who is written down and has not joined."""
    superior, person = invitation_rights.require_invitee(desk, caller, person_id)
    return _link(desk, caller, superior, person, bot_name)


def renew(desk: Desk, caller: Caller, invite_id: int, *, bot_name: str) -> Reply:
    """Makes a new link in place of an old one, unless a newer one waits already."""
    superior, _, person = invitation_rights.require_link(desk, caller, invite_id)
    _hold(desk, person)
    waiting = _waiting(desk, person)
    if waiting is not None and waiting.id != invite_id:
        raise DeclinedError(caller.words.text("A newer link has replaced this one."))
    return _made(desk, caller, superior, person, bot_name)


def revoke(desk: Desk, caller: Caller, invite_id: int) -> Reply:
    """Revokes a link: nobody can join by it any more."""
    _, _, person = invitation_rights.require_link(desk, caller, invite_id)
    if not invites.revoke(desk, invite_id):
        raise DeclinedError(caller.words.text("This link is no longer valid."))
    said = caller.words.html("🗑 %(name)s: the link has been withdrawn. Nobody can join with it.", name=person.name)
    anew = Button(caller.words.context_text("button", "🔗 New link"), taps.INVITE_KNOWN.data(row_id(person)))
    return Reply(screen=Screen(said, ((anew,),)))


def _link(desk: Desk, caller: Caller, superior: Person, person: Person, bot_name: str) -> Reply:
    if person.id is not None:
        _hold(desk, person)
        waiting = _waiting(desk, person)
        if waiting is not None and waiting.made_by == superior.id and _is_just_made(desk, waiting):
            raise DeclinedError(caller.words.text("The link has just been made; it is above."))
    return _made(desk, caller, superior, person, bot_name)


def _is_just_made(desk: Desk, invite: Invite) -> bool:
    return invite.made_at is not None and desk.now - invite.made_at < JUST_MADE


def _hold(desk: Desk, person: Person) -> None:
    """Locks somebody's row, so that of two links made at once the second sees the first."""
    desk.session.exec(select(Person.id).where(Person.id == person.id).with_for_update()).one()


def _waiting(desk: Desk, person: Person) -> Invite | None:
    newest = select(Invite).where(Invite.person_id == person.id, *invites.waiting(desk))
    return desk.session.exec(newest.order_by(col(Invite.id).desc()).limit(1)).first()


def _made(desk: Desk, caller: Caller, superior: Person, person: Person, bot_name: str) -> Reply:
    had_one = person.id is not None and invites.end_waiting(desk, row_id(person))
    code, _ = invites.invite(desk, person, by=superior)
    invite = invites.of_code(desk, code)
    assert invite is not None
    link = f"https://t.me/{bot_name}?start={code}"
    return Reply(
        picture=partial(qr_codes.draw, link),
        caption=_caption(desk, caller.words, person, invite, link, had_one=had_one),
        screen=_to_forward(desk, words_of(desk, person), person, invite, link),
    )


def _caption(desk: Desk, words: Words, person: Person, invite: Invite, link: str, *, had_one: bool) -> Screen:
    """Returns what the superior reads beneath the QR code."""
    roles = words.listed(role_texts.named(desk, role, words) for role in register.standing(desk, person))
    lines = [
        words.html("✉️ <b>%(name)s</b>, %(role)s", name=person.name, role=roles),
        "",
        words.html("Let them scan this with their camera, or forward the message below."),
        words.html("One use, %(until_when)s.", until_when=_until(desk, words, person, invite)),
        words.html("Their earlier link is no longer valid.") if had_one else None,
    ]
    number = row_id(invite)
    rows = (
        (CopyButton(words.context_text("button", "Copy the link"), link),),
        (
            Button(words.context_text("button", "🔗 New link"), taps.INVITE_RENEW.data(number)),
            Button(words.context_text("button", "🗑 Withdraw"), taps.INVITE_REVOKE.data(number), Style.DANGER),
        ),
    )
    return Screen(joined(lines), rows)


def _to_forward(desk: Desk, words: Words, person: Person, invite: Invite, link: str) -> Screen:
    """Returns what the invited person reads, in their language."""
    lines = [
        words.html("Welcome to %(estate)s.", estate=desk.estate(person.estate_id).name),
        words.html("Please tap this link and then Start. It opens our concierge in Telegram."),
        link,
        words.html(
            "It is meant for you alone and can be used once, %(until_when)s.",
            until_when=_until(desk, words, person, invite),
        ),
    ]
    return Screen(joined(lines))


def _until(desk: Desk, words: Words, person: Person, invite: Invite) -> str:
    return words.until(invite.expires_at, desk.zone(person.estate_id), desk.today(person.estate_id))
