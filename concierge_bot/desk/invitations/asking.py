"""The questions of an invitation: what somebody shall be, for which villa or team, and who they are."""

from __future__ import annotations

import re

from markupsafe import Markup

from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.invitations import invitation_rights, invited, making, taps
from concierge_bot.desk.people import villas
from concierge_bot.desk.queues import outbox
from concierge_bot.desk.queues.policies import ALWAYS
from concierge_bot.i18n import Words
from concierge_bot.screens import NOTHING, Button, Reply, Rows, Screen, cut, joined, rows_of
from storage.tables.people import Person, Villa
from storage.tables.queues import Urgency
from storage.tables.roles import RoleKind
from storage.tables.rows import row_id

PAGE = 24
"""The villas on a page: as many as a narrow phone shows at once, three beside each other."""
MOST_PEOPLE = 8
NUMBER = re.compile("[0-9]{1,9}")
LABEL_LIMIT = 36
"""The letters of a button that a narrow phone shows."""


def begin(desk: Desk, caller: Caller, typed: str = "", bot_name: str = "") -> Reply:
    """Asks a superior whom they invite; behind the command there may be a villa, and a name."""
    superior = invitation_rights.require_inviter(caller, bot_name)
    if typed.strip():
        return _typed(desk, caller, superior, typed, bot_name)
    return Reply(screen=_kinds(caller.words, superior), in_place=caller.sender.is_tap)


def as_what(desk: Desk, caller: Caller, kind: str) -> Reply:
    """Asks for the villa, the team or the name, as the kind of role needs it."""
    superior, role = invitation_rights.require_may_invite(caller, kind)
    if role is RoleKind.OWNER:
        return turn_to(desk, caller, 0)
    if role is RoleKind.BUTLER:
        return Reply(screen=_teams(desk, superior.estate_id, caller.words), in_place=True)
    return Reply(screen=_people(desk, caller.words, superior, role, ""), in_place=True)


def turn_to(desk: Desk, caller: Caller, number: int) -> Reply:
    """Shows a page of the villas, or the last one where there are fewer."""
    superior, words = invitation_rights.require_inviter(caller), caller.words
    found = villas.in_order(desk, superior.estate_id)
    pages = max(1, -(-len(found) // PAGE))
    number = min(number, pages - 1)
    shown = found[number * PAGE : (number + 1) * PAGE]
    lines = [
        words.html("🏡 <b>Which villa is it for?</b>"),
        words.html("Page %(page)s of %(pages)s", page=number + 1, pages=pages) if pages > 1 else None,
        "",
        words.html("To go straight to a villa, add its name after the command: /invite 8"),
    ]
    buttons = rows_of((Button(cut(villa.name, 12), taps.INVITE_VILLA.data(row_id(villa))) for villa in shown), 3)
    rows = (*buttons, *turning(number, pages, taps.INVITE_VILLAS.data), _back(words))
    return Reply(screen=Screen(joined(lines), rows), in_place=True)


def villa(desk: Desk, caller: Caller, villa_id: int) -> Reply:
    """Asks who of a villa is invited: somebody who has not joined, or somebody new."""
    superior, _ = invitation_rights.require_villa(desk, caller, villa_id)
    screen = _people(desk, caller.words, superior, RoleKind.OWNER, f"{villa_id}")
    return Reply(screen=screen, in_place=True)


def team(desk: Desk, caller: Caller, key: str) -> Reply:
    """Asks who of a team is invited: somebody who has not joined, or somebody new."""
    superior = invitation_rights.require_team(desk, caller, key)
    return Reply(screen=_people(desk, caller.words, superior, RoleKind.BUTLER, key), in_place=True)


def new(desk: Desk, caller: Caller, kind: str, where: str) -> Reply:
    """Asks for the name of somebody new; the app opens the answer by itself."""
    if kind == RoleKind.OWNER:
        _, found = invitation_rights.require_villa(desk, caller, int(where) if NUMBER.fullmatch(where) else 0)
    superior, role = invitation_rights.require_may_invite(caller, kind)
    if role is RoleKind.OWNER:
        text = caller.words.html(
            "✍️ Who is the new owner of %(villa)s? Please reply to this message with their name, for example Mr Wang.",
            villa=villas.called(caller.words, found.name),
        )
    else:
        if role is RoleKind.BUTLER:
            invitation_rights.require_team(desk, caller, where)
        text = caller.words.html(
            "✍️ Who is it (%(role)s)? Please reply to this message with the name their colleagues use.",
            role=kind_named(desk, superior.estate_id, caller.words, role, where),
        )
    outbox.say(
        desk,
        caller.sender.chat_id,
        Screen(text, awaits_answer=True),
        Urgency.OWNER,
        policy=ALWAYS,
        reader=making.reader_of(role, where),
    )
    return NOTHING


def kind_named(desk: Desk, estate_id: int, words: Words, kind: RoleKind, where: str) -> str:
    """Returns the name of a role that is not given yet."""
    if kind is RoleKind.BUTLER:
        return words.context_text("role", "team %(team)s", team=words.text(desk.catalogue_of(estate_id).teams[where]))
    return (
        words.context_text("role", "property manager")
        if kind is RoleKind.MANAGER
        else words.context_text("role", "supervisor")
    )


def turning(number: int, pages: int, data: making.DataOfPage) -> Rows:
    """Returns the buttons that turn the pages of a list."""
    before = [Button("‹", data(number - 1))] if number else []
    after = [Button("›", data(number + 1))] if number + 1 < pages else []
    return (tuple(before + after),) if before or after else ()


def _kinds(words: Words, superior: Person) -> Screen:
    choices = [
        Button(words.context_text("to invite", "🏡 An owner"), taps.INVITE_AS.data(RoleKind.OWNER.value)),
        Button(words.context_text("to invite", "🛎 Somebody of a team"), taps.INVITE_AS.data(RoleKind.BUTLER.value)),
        Button(words.context_text("to invite", "👔 A supervisor"), taps.INVITE_AS.data(RoleKind.SUPERVISOR.value)),
    ]
    if superior.manages:
        choices.append(
            Button(
                words.context_text("to invite", "🏢 A property manager"), taps.INVITE_AS.data(RoleKind.MANAGER.value)
            )
        )
    waiting = Button(words.context_text("button", "✉️ Unused invitations"), taps.INVITE_LINKS.data(0))
    return Screen(
        words.html("👋 <b>Whom would you like to invite?</b>"), tuple((button,) for button in (*choices, waiting))
    )


def _teams(desk: Desk, estate_id: int, words: Words) -> Screen:
    found = (
        Button(cut(words.text(name), LABEL_LIMIT), taps.INVITE_TEAM.data(key))
        for key, name in desk.catalogue_of(estate_id).teams.items()
    )
    return Screen(words.html("🛎 <b>Which team is it?</b>"), (*((button,) for button in found), _back(words)))


def _people(desk: Desk, words: Words, superior: Person, kind: RoleKind, where: str) -> Screen:
    grant = invited.grant_of(kind, where)
    found = invited.not_joined(desk, superior.estate_id, grant)
    if grant.villa_id is not None:
        heading = Markup("🏡 <b>%s</b>") % villas.called(words, desk.villa(grant.villa_id).name)
    else:
        heading = words.html(
            "👋 <b>To be invited: %(role)s</b>", role=kind_named(desk, superior.estate_id, words, kind, where)
        )
    said = words.html("Who is it?")
    if found:
        said = words.html("These were invited and have not joined. Is it one of them, or somebody new?")
    known = tuple(
        (Button(cut(f"✉️ {person.name}", LABEL_LIMIT), taps.INVITE_KNOWN.data(row_id(person))),)
        for person in found[:MOST_PEOPLE]
    )
    somebody = Button(words.context_text("button", "➕ Somebody new"), taps.INVITE_NEW.data(kind.value, where))
    return Screen(joined([heading, "", said]), (*known, (somebody,), _back(words)))


def _typed(desk: Desk, caller: Caller, superior: Person, typed: str, bot_name: str) -> Reply:
    """Takes a villa typed behind the command, and a name behind that."""
    parts = typed.split()
    known = villas.by_key(desk, superior.estate_id)
    for count in range(len(parts), 0, -1):
        if found := known.get(villas.key(" ".join(parts[:count]))):
            return _for_villa(desk, caller, found[0], " ".join(parts[count:]), bot_name)
    text = caller.words.html(
        "There is no villa <b>%(typed)s</b>. Please choose from the list.", typed=cut(typed.strip(), LABEL_LIMIT)
    )
    list_button = Button(caller.words.context_text("button", "🏡 The villas"), taps.INVITE_VILLAS.data(0))
    return Reply(screen=Screen(text, ((list_button,),)))


def _for_villa(desk: Desk, caller: Caller, found: Villa, name: str, bot_name: str) -> Reply:
    if name:
        return making.new_owner(desk, caller, row_id(found), name, bot_name)
    return Reply(screen=_people(desk, caller.words, caller.require_person(), RoleKind.OWNER, f"{row_id(found)}"))


def _back(words: Words) -> tuple[Button, ...]:
    return (Button(words.context_text("button", "‹ Back"), taps.INVITE.data()),)
