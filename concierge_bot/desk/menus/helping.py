"""The texts of /help, and of the answers to mistyped commands."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from concierge_bot.desk.bot_commands import BotCommand, Place, Role, Section
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.menus import menus, offered
from concierge_bot.desk.menus.offered import ALIKE, MUCH_ALIKE
from concierge_bot.desk.people import rights, staff
from concierge_bot.desk.roles import register
from concierge_bot.i18n import Words
from concierge_bot.screens import NOTHING, Reply, Screen, cut, joined
from storage.tables.people import Person

NAME_LIMIT = 32
"""The most characters of a mistyped command that are repeated."""


def help_command(desk: Desk, caller: Caller) -> Reply:
    """Handles /help: in private all that the person may use, in a staff chat what works there; elsewhere nothing."""
    if caller.sender.private:
        return Reply(screen=in_private(desk, caller))
    person = _colleague(desk, caller)
    return Reply(screen=_in_group(desk, caller, person)) if person is not None else NOTHING


def in_private(desk: Desk, caller: Caller) -> Screen:
    """Returns the help for a person in private, by their roles."""
    person = caller.person
    roles = offered.roles_of(desk, person) if person is not None else frozenset()
    if not roles:
        is_known = person is not None and register.standing(desk, person)
        return menus.for_staff(desk, caller) if is_known else menus.stranger(caller.words)
    words = caller.words
    only_in_groups = [found for found in offered.of_roles(desk, roles) if Place.PRIVATE not in found.where]
    sections = _sections(words, offered.offered(desk, roles, Place.PRIVATE), Place.PRIVATE, only_in_groups)
    return Screen(joined([*_beginnings(words, roles), *sections]))


def unknown_command(desk: Desk, caller: Caller, name: str, *, is_addressed: bool) -> Reply:
    """Answers an unknown command, or one out of place, with the nearest one.

    In a group only members are answered, and only where the command bears the bot's name or is much like one of ours:
    it may be for another bot.
    """
    if caller.sender.private:
        return Reply(screen=_unknown_in_private(desk, caller, name))
    near = offered.nearest(name, desk.capabilities.commands.values(), MUCH_ALIKE)
    person = _colleague(desk, caller) if is_addressed or (near and name != offered.START) else None
    if person is None:
        return NOTHING
    if name == offered.START:
        return Reply(screen=_in_group(desk, caller, person))
    if name in desk.capabilities.commands:
        rights.require_private(caller)
    may_use = offered.of_roles(desk, offered.roles_of(desk, person))
    near = offered.nearest(name, may_use, ALIKE if is_addressed else MUCH_ALIKE)
    return Reply(screen=Screen(joined(_unknown(caller.words, name, near)))) if near or is_addressed else NOTHING


def changed_into_command(_desk: Desk, caller: Caller) -> Reply:
    """Answers a message that was edited into a command: it does nothing any more."""
    if caller.person is None:
        return NOTHING
    return Reply(
        screen=Screen(caller.words.html("Please send a command as a new message; I do not act on edited ones."))
    )


def _unknown_in_private(desk: Desk, caller: Caller, name: str) -> Screen:
    if caller.person is None:
        return menus.instead(desk, caller)
    may_use = offered.of_roles(desk, offered.roles_of(desk, caller.person))
    near = offered.nearest(name, may_use, ALIKE)
    if not may_use or (not near and not name):
        return in_private(desk, caller)
    return Screen(joined(_unknown(caller.words, name, near)))


def _unknown(words: Words, name: str, near: list[str]) -> Iterator[Markup]:
    yield words.html("I do not know the command /%(command)s.", command=cut(name, NAME_LIMIT))
    if near:
        yield words.html("Did you mean %(commands)s?", commands=" · ".join(f"/{found}" for found in near))
    yield words.html("Send /help to see what you can do here.")


def _colleague(desk: Desk, caller: Caller) -> Person | None:
    """Returns the caller where they belong to the staff chat that they write in; else None."""
    chats = staff.chats_at(desk, caller.sender.chat_id)
    return rights.works_at(desk, caller, chats[0]) if chats else None


def _in_group(desk: Desk, caller: Caller, person: Person) -> Screen:
    found = offered.offered(desk, offered.roles_of(desk, person), Place.STAFF_GROUP)
    heading = caller.words.html("<b>What you can do in this chat</b>")
    return Screen(joined([_claiming(caller.words), "", heading, *_lines(caller.words, found, Place.STAFF_GROUP)]))


def _beginnings(words: Words, roles: frozenset[Role]) -> Iterator[Markup]:
    if Role.OWNER in roles:
        yield words.html(
            "Tap /menu and choose a service, or simply send me a message, a voice note or a photo of what you need."
        )
    if Role.STAFF in roles:
        yield _claiming(words)


def _claiming(words: Words) -> Markup:
    return words.html("Tap Claim under a request to take it; the first tap gets it. Then tap On site, Done or Release.")


def _sections(
    words: Words, found: tuple[BotCommand, ...], place: Place, only_in_groups: list[BotCommand]
) -> Iterator[Markup | str]:
    for section in Section:
        of_section = [command for command in found if command.section is section]
        if section is Section.GROUP:
            of_section = only_in_groups
        if of_section:
            yield ""
            yield _heading(words, section)
            yield from _lines(words, of_section, place)


def _lines(words: Words, found: list[BotCommand] | tuple[BotCommand, ...], place: Place) -> Iterator[Markup]:
    for command in found:
        yield words.html(
            "/%(command)s – %(description)s", command=command.name, description=command.described(words, place)
        )


def _heading(words: Words, section: Section) -> Markup:
    match section:
        case Section.REQUESTS:
            return words.context_html("heading", "<b>Your requests</b>")
        case Section.WORK:
            return words.context_html("heading", "<b>Your work</b>")
        case Section.TEAM:
            return words.context_html("heading", "<b>The teams</b>")
        case Section.OWNERS:
            return words.context_html("heading", "<b>The owners</b>")
        case Section.GROUP:
            return words.html("<b>In the group of a team</b>")
        case Section.BOT:
            return words.context_html("heading", "<b>Yourself</b>")
