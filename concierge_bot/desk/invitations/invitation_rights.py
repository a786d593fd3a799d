"""The rights to invite somebody, and to see to a link."""

from __future__ import annotations

from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.people import rights
from concierge_bot.desk.people.refusals import DeclinedError, RefusedError, no_such_button
from storage.tables.people import Invite, Person, Villa
from storage.tables.roles import RoleKind

INVITED = (RoleKind.OWNER, RoleKind.BUTLER, RoleKind.SUPERVISOR, RoleKind.MANAGER)
"""The kinds of roles that a link can give."""
START = "invite"
"""The word behind the link that opens the private chat with this command."""


def require_inviter(caller: Caller, bot_name: str = "") -> Person:
    """Requires a superior in their private chat; in a group, the answer leads there."""
    superior = rights.require_supervisor(caller)
    if bot_name and not caller.sender.private:
        raise DeclinedError(
            caller.words.html(
                "An invitation link is confidential. Please create it in our private chat: %(link)s",
                link=f"https://t.me/{bot_name}?start={START}",
            )
        )
    rights.require_private(caller)
    return superior


def require_may_invite(caller: Caller, kind: str) -> tuple[Person, RoleKind]:
    """Requires a superior who may give a kind of role: property managers are invited by property managers only."""
    superior = require_inviter(caller)
    if kind not in INVITED:
        raise no_such_button(caller)
    if kind == RoleKind.MANAGER and not superior.manages:
        raise RefusedError(caller.words.text("Only the property manager can do this."))
    return superior, RoleKind(kind)


def require_villa(desk: Desk, caller: Caller, villa_id: int) -> tuple[Person, Villa]:
    """Requires a superior of a villa's estate, in their private chat."""
    superior, villa = rights.require_supervisor(caller), desk.session.get(Villa, villa_id)
    if villa is None or villa.estate_id != superior.estate_id:
        raise RefusedError(caller.words.text("There is no such villa."))
    rights.require_private(caller)
    return superior, villa


def require_team(desk: Desk, caller: Caller, team: str) -> Person:
    """Requires a superior, in their private chat, and one of the catalogue's teams."""
    superior = require_inviter(caller)
    if team not in desk.catalogue_of(superior.estate_id).teams:
        raise no_such_button(caller)
    return superior


def require_invitee(desk: Desk, caller: Caller, person_id: int) -> tuple[Person, Person]:
    """Requires a superior who may make a link for a person without an account, in their private chat. Returns both.

    They have not joined yet, or their account has ended.
    """
    person = rights.require_invitable(desk, caller, person_id)
    superior = caller.require_person()
    if person.manages and not superior.manages:
        raise RefusedError(caller.words.text("Only the property manager can do this."))
    if person.joined_at is not None and person.telegram_id is not None:
        raise DeclinedError(caller.words.text("%(name)s has joined in the meantime.", name=person.name))
    return superior, person


def require_other_account(desk: Desk, caller: Caller, person_id: int) -> tuple[Person, Person]:
    """Requires a superior who may give a person another account, in their private chat. Returns both.

    Nobody gives one to themselves: on a stolen phone, the thief would come to stay.
    """
    person, superior = rights.require_renewable(desk, caller, person_id), caller.require_person()
    if person.id == superior.id:
        raise DeclinedError(caller.words.text("This is your own account. Please ask a colleague to do this."))
    return superior, person


def require_link(desk: Desk, caller: Caller, invite_id: int) -> tuple[Person, Invite, Person]:
    """Requires a superior who may see to a link, in their private chat. Returns them, the link and its person."""
    rights.require_supervisor(caller)
    invite = desk.session.get(Invite, invite_id)
    if invite is None:
        raise RefusedError(caller.words.text("There is no such person."))
    superior, person = require_invitee(desk, caller, invite.person_id)
    return superior, invite, person
