"""/on, /off, /duty and /lead: who is on duty, and who leads."""

from __future__ import annotations

from markupsafe import Markup
from sqlmodel import select

from concierge_bot.desk import duty, rights, staff
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.screens import Screen, Shown, joined
from storage.people import Membership


def go(desk: Desk, caller: Caller, *, is_on: bool) -> Shown:
    """/on and /off, in the staff chat or in private."""
    person = rights.be_staff(desk, caller)
    duty.say(desk, person, is_on=is_on)
    if is_on:
        return Shown(screen=Screen(caller.words.html("🟢 %(name)s is on duty.", name=person.name)))
    return Shown(screen=Screen(caller.words.html("⚪️ %(name)s is off duty.", name=person.name)))


def show(desk: Desk, caller: Caller) -> Shown:
    """/duty: who is on duty, team by team."""
    person = rights.be_staff(desk, caller)
    lines = [caller.words.html("<b>On duty now</b>")]
    for team, name in desk.catalogue.teams.items():
        lines.append(_team_line(desk, caller, person.estate_id, team, name))
    return Shown(screen=Screen(joined(lines)))


def lead(desk: Desk, caller: Caller, name: str) -> Shown:
    """/lead NAME in a staff chat: makes somebody the team's lead, or takes that back."""
    say = caller.words
    supervisor = rights.supervise(caller)
    chats = [chat for chat in staff.chats_at(desk, caller.sender.chat_id) if chat.estate_id == supervisor.estate_id]
    if not chats:
        return Shown(screen=Screen(say.html("Please send this command in the group of your staff.")))
    members = staff.members(desk, chats[0].chat_id)
    person = next((member for member in members if member.name.casefold() == name.strip().casefold()), None)
    if person is None:
        sorry = say.html("Nobody of the name “%(name)s” is on this team. Nothing was changed.", name=name)
        return Shown(screen=Screen(sorry))
    membership = desk.session.exec(
        select(Membership).where(Membership.chat_id == chats[0].chat_id, Membership.person_id == person.id)
    ).one()
    membership.leads = not membership.leads
    desk.session.flush()
    if membership.leads:
        return Shown(screen=Screen(say.html("⭐️ %(name)s leads this team now.", name=person.name)))
    return Shown(screen=Screen(say.html("%(name)s does not lead this team any more.", name=person.name)))


def _team_line(desk: Desk, caller: Caller, estate_id: int, team: str, name: str) -> Markup:
    people = duty.on_duty(desk, estate_id, team)
    if not people:
        return caller.words.html("🔴 %(team)s: nobody", team=caller.words.text(name))
    names = ", ".join(person.name for person in people)
    return caller.words.html("🟢 %(team)s: %(names)s", team=caller.words.text(name), names=names)
