"""The end of a role: at once, told to those concerned, and nothing is left lying."""

from __future__ import annotations

from markupsafe import Markup

from concierge_bot.desk.context import Caller, Desk, words_of
from concierge_bot.desk.departures import departure_rights, last_supervisor, moved_out, role_texts, taking_back, taps
from concierge_bot.desk.fulfilment import claims
from concierge_bot.desk.people import duty, notification_policy, staff
from concierge_bot.desk.queues import outbox
from concierge_bot.desk.requests import repository
from concierge_bot.desk.roles import register
from concierge_bot.i18n import Words
from concierge_bot.screens import Button, Reply, Screen, Style, joined, toast
from storage.tables.people import Person
from storage.tables.queues import Urgency
from storage.tables.roles import Role, RoleKind, RoleWay
from storage.tables.rows import row_id

READER = "role_ended"


class LastSupervisorError(Exception):
    """Raised where the operator would take an estate's last supervisor, and did not say that this is meant."""


def ask(desk: Desk, caller: Caller, role_id: int) -> Reply:
    """Asks a superior whether a role shall end, and says what it leaves open."""
    _, role = departure_rights.require_may_end(desk, caller, role_id)
    words = caller.words
    buttons = (
        (Button(words.text("Yes, end it"), taps.END_SURE.data(role_id), Style.DANGER),),
        (Button(words.text("No, keep it"), taps.END_KEEP.data(role_id)),),
    )
    return Reply(screen=Screen(joined([_named(desk, role, words), "", *_leaves_open(desk, role, words)]), buttons))


def keep(desk: Desk, caller: Caller, role_id: int) -> Reply:
    """Leaves a role as it is."""
    _, role = departure_rights.require_may_end(desk, caller, role_id)
    said = caller.words.html("Nothing has been changed.")
    return Reply(screen=Screen(joined([_named(desk, role, caller.words), "", said])), in_place=True)


def end_role(desk: Desk, caller: Caller, role_id: int) -> Reply:
    """Ends a role by a superior's tap."""
    superior, role = departure_rights.require_may_end(desk, caller, role_id)
    if not _end(desk, role, by=superior, how=RoleWay.TAP):
        return toast(caller.words.text("This has already ended."), alert=True)
    said = [role_texts.ended(desk, role, superior, caller.words)]
    if role.kind is RoleKind.BUTLER:
        said.append(caller.words.html("Please also remove them from the team's group; I am not able to do that."))
    if left := register.standing(desk, desk.person(role.person_id)):
        names = caller.words.listed(role_texts.named(desk, other, caller.words) for other in left)
        said.append(caller.words.html("They still are: %(roles)s", roles=names))
    return Reply(screen=Screen(joined(said)), in_place=True)


def end_for_operator(desk: Desk, role: Role, *, even_the_last: bool = False) -> bool:
    """Ends a role by a command. Returns whether it stood until now.

    Raises LastSupervisorError where an estate would have no supervisor left, and `even_the_last` does not say so.
    """
    if role.ends_at is None and last_supervisor.is_theirs(desk, role) and not even_the_last:
        raise LastSupervisorError
    return _end(desk, role, by=None, how=RoleWay.COMMAND)


def end_again(desk: Desk, role: Role, how: RoleWay) -> bool:
    """Ends a role that an older backup has brought back. They were told when it ended. Returns whether it stood."""
    person = desk.person(role.person_id)
    if not _ended(desk, person, role, by=None, how=how):
        return False
    _follow(desk, person, role, by=None)
    return True


def _end(desk: Desk, role: Role, *, by: Person | None, how: RoleWay) -> bool:
    person = desk.person(role.person_id)
    account = person.telegram_id if person.reachable else None
    if not _ended(desk, person, role, by=by, how=how):
        return False
    if account is not None:
        _say(desk, person, account, role_texts.farewell(desk, role, words_of(desk, person)))
    _tell_superiors(desk, role, by)
    _follow(desk, person, role, by=by)
    return True


def _ended(desk: Desk, person: Person, role: Role, *, by: Person | None, how: RoleWay) -> bool:
    if role.kind in register.OF_A_TEAM:
        return staff.dismiss(desk, person, role, by=by, how=how)
    return register.end(desk, role, by=by, how=how)


def _follow(desk: Desk, person: Person, role: Role, *, by: Person | None) -> None:
    """Leaves nothing lying of what somebody had in hand or asked for."""
    claims.release_what_is_out_of_reach(desk, person)
    taking_back.cards_of(desk, person)
    desk.capabilities.role_ended(desk, role, by)
    if role.kind in register.OF_A_VILLA:
        moved_out.ask(desk, person, role)
        moved_out.take_buttons(desk, person, role)


def _tell_superiors(desk: Desk, role: Role, by: Person | None) -> None:
    """Tells the supervisors, and of a superior's end the property managers; whoever ended it knows."""
    ended = desk.person(role.person_id)
    told = staff.supervisors(desk, ended.estate_id)
    if role.kind in {RoleKind.SUPERVISOR, RoleKind.MANAGER}:
        told += staff.managers(desk, ended.estate_id)
    for person in {row_id(one): one for one in told if one.reachable}.values():
        if person.telegram_id is not None and (by is None or person.id != by.id) and person.id != ended.id:
            _say(desk, person, person.telegram_id, role_texts.ended(desk, role, by, words_of(desk, person)))


def _say(desk: Desk, person: Person, account: int, text: Markup) -> None:
    policy = notification_policy.of_estate(desk, person.estate_id)
    outbox.say(desk, account, Screen(text), Urgency.ROUTINE, policy=policy, reader=READER)


def _named(desk: Desk, role: Role, words: Words) -> Markup:
    name = desk.person(role.person_id).name
    return words.html("<b>%(name)s</b>, %(role)s", name=name, role=role_texts.named(desk, role, words))


def _leaves_open(desk: Desk, role: Role, words: Words) -> list[Markup]:
    person = desk.person(role.person_id)
    said = [words.html("Would you like to end this now? They will be told, and so will the supervisors.")]
    held, asked = repository.in_hand(desk, person), len(moved_out.left_open(desk, person, role))
    if role.kind in {RoleKind.BUTLER, RoleKind.SUPERVISOR} and held:
        said.append(words.html("Requests that go back to the team: %(number)s", number=held))
    if role.kind is RoleKind.BUTLER and (lines := duty.lines_of(desk, person, role.team)):
        said.append(words.html("Roster lines that become free: %(number)s", number=lines))
    if role.kind in register.OF_A_VILLA and asked:
        said.append(words.html("Open requests that I will ask you about, one by one: %(number)s", number=asked))
    return said
