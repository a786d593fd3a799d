"""Another Telegram account for somebody known, such as after a theft: the present one ends before the link is made."""

from __future__ import annotations

from markupsafe import Markup

from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.departures import ended_accounts, role_texts, taps
from concierge_bot.desk.invitations import invitation_rights, making
from concierge_bot.desk.roles import register
from concierge_bot.screens import Button, Reply, Screen, Style, joined
from storage.tables.roles import RoleKind
from storage.tables.rows import row_id


def ask(desk: Desk, caller: Caller, person_id: int, *, bot_name: str) -> Reply:
    """Asks whether somebody's present account shall end; of one that has ended, makes a new link at once."""
    _, person = invitation_rights.require_other_account(desk, caller, person_id)
    if person.telegram_id is None:
        return making.for_known(desk, caller, person_id, bot_name=bot_name)
    words, roles = caller.words, register.standing(desk, person)
    named = words.listed(role_texts.named(desk, role, words) for role in roles)
    is_in_a_group = any(role.kind is RoleKind.BUTLER for role in roles)
    lines: list[Markup | str | None] = [
        words.html("<b>%(name)s</b>, %(role)s", name=person.name, role=named),
        "",
        words.html("Shall their present Telegram account end, at once? Nobody reads or orders anything with it then."),
        "",
        words.html("I make a link for the new one, for you to pass on. What they have asked for stays theirs."),
        words.html("Please take the old account out of the team's group: I cannot do that.") if is_in_a_group else None,
        "",
        words.html("Please be sure that it is they who ask for this."),
    ]
    rows = (
        (Button(words.text("Yes, end it"), taps.NEW_ACCOUNT_SURE.data(person_id), Style.DANGER),),
        (Button(words.text("No, keep it"), taps.PERSON.data(row_id(person))),),
    )
    return Reply(screen=Screen(joined(lines), rows))


def make(desk: Desk, caller: Caller, person_id: int, *, bot_name: str) -> Reply:
    """Ends somebody's present account, and makes the link for the new one."""
    superior, person = invitation_rights.require_other_account(desk, caller, person_id)
    ended_accounts.end(desk, person, by=superior)
    return making.for_known(desk, caller, person_id, bot_name=bot_name)
