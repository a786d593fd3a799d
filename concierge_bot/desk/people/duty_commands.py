"""The commands of duty: /on, /off, /duty and /lead."""

from __future__ import annotations

from markupsafe import Markup

from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.people import duty, namesakes, rights, staff
from concierge_bot.screens import Reply, Screen, joined, toast
from concierge_bot.taps import Action
from storage.tables.people import Person, StaffChat
from storage.tables.rows import row_id

LEAD = Action("lead", (int,))
"""Person."""


def go(desk: Desk, caller: Caller, *, is_on: bool) -> Reply:
    """Handles /on and /off, in the staff chat or in private."""
    person = rights.require_staff(desk, caller)
    duty.say(desk, person, is_on=is_on)
    if is_on:
        return Reply(screen=Screen(caller.words.html("🟢 %(name)s is on duty.", name=person.name)))
    return Reply(screen=Screen(caller.words.html("⚪️ %(name)s is off duty.", name=person.name)))


def show(desk: Desk, caller: Caller) -> Reply:
    """Handles /duty: lists the people on duty, team by team."""
    person = rights.require_staff(desk, caller)
    lines = [caller.words.html("<b>On duty now</b>")]
    for team, name in desk.catalogue_of(person.estate_id).teams.items():
        lines.append(_team_line(desk, caller, person.estate_id, team, name))
    return Reply(screen=Screen(joined(lines)))


def lead(desk: Desk, caller: Caller, name: str) -> Reply:
    """Handles /lead NAME in a staff chat: makes somebody the team's lead, or takes that back."""
    say, chat = caller.words, _chat_of(desk, caller)
    if chat is None:
        return Reply(screen=Screen(say.html("Please send this command in your staff group.")))
    found = namesakes.called(staff.members(desk, chat.chat_id), name)
    if not found:
        sorry = say.html("There is nobody called “%(name)s” on this team. Nothing has been changed.", name=name)
        return Reply(screen=Screen(sorry))
    if len(found) > 1:
        return Reply(screen=namesakes.whom(desk, found, name, say, lambda person: LEAD.data(row_id(person))))
    return Reply(screen=_change_lead(desk, caller, chat, found[0]))


def lead_this(desk: Desk, caller: Caller, person_id: int) -> Reply:
    """Changes the lead to somebody who was chosen among several of one name."""
    chat = _chat_of(desk, caller)
    members = staff.members(desk, chat.chat_id) if chat else []
    person = next((member for member in members if member.id == person_id), None)
    if chat is None or person is None:
        return toast(caller.words.text("This colleague is no longer on the team."), alert=True)
    return Reply(screen=_change_lead(desk, caller, chat, person), in_place=True)


def _chat_of(desk: Desk, caller: Caller) -> StaffChat | None:
    """Returns the staff chat that a supervisor writes in; None where it is no staff chat."""
    supervisor = rights.require_own_group(desk, caller)
    chats = staff.chats_at(desk, caller.sender.chat_id)
    return next((chat for chat in chats if chat.estate_id == supervisor.estate_id), None)


def _change_lead(desk: Desk, caller: Caller, chat: StaffChat, person: Person) -> Screen:
    say = caller.words
    leads = staff.lead(desk, chat, person, by=caller.require_person())
    name = namesakes.told_apart(desk, staff.members(desk, chat.chat_id), say)[row_id(person)]
    if leads:
        return Screen(say.html("⭐️ %(name)s leads this team now.", name=name))
    return Screen(say.html("%(name)s no longer leads this team.", name=name))


def _team_line(desk: Desk, caller: Caller, estate_id: int, team: str, name: str) -> Markup:
    people = duty.on_duty(desk, estate_id, team)
    if not people:
        return caller.words.html("🔴 %(team)s: nobody on duty", team=caller.words.text(name))
    names = caller.words.listed(person.name for person in people)
    return caller.words.html("🟢 %(team)s: %(names)s", team=caller.words.text(name), names=names)
