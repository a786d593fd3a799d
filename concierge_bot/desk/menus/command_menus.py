"""The menus of commands in Telegram, by role and chat. They are sent again only where they have changed.

Of several menus Telegram's apps show the narrowest one: of a person in a group, of a chat, of all chats of a kind; of
each first the one in the app's language. Owners have the menu of all private chats; staff have one of their own there,
and so have owners whose language has no code of its own with Telegram.
In a staff chat everybody has the team's menu, and superiors have their own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete
from sqlmodel import and_, col, or_, select

from concierge_bot.desk.bot_commands import BotCommand, Place, Role
from concierge_bot.desk.context import Desk, words_of
from concierge_bot.desk.menus import bot_texts, offered
from concierge_bot.desk.people import rights, staff
from concierge_bot.desk.queues import outbox
from concierge_bot.desk.roles import role_changes
from concierge_bot.i18n import SOURCE_LANGUAGE, Words, of_menus, words
from storage.engine.changes import change_one
from storage.engine.json_text import as_text
from storage.engine.statements import write_new
from storage.tables.menus import MenuScope, ToldMenu
from storage.tables.people import Membership, Person, StaffChat
from storage.tables.queues import Urgency

TOLD_ADMINISTRATORS = ("", "zh")
"""The languages in which administrators of groups had a menu of their own in an old version."""
READER = "menu"
"""The reader of its calls: no person, so nobody is told of an undeliverable one."""


@dataclass(frozen=True)
class Menu:
    """The menu of one scope, in one language."""

    scope: MenuScope
    commands: tuple[dict[str, str], ...] = ()
    """The commands with their descriptions; empty for a scope without a menu of its own."""
    chat_id: int = 0
    user_id: int = 0
    language: str = ""
    """The language of the apps that show it; empty for all without a menu of their own."""

    @property
    def reader(self) -> str:
        """Returns the reader in the outbox."""
        return f"{READER}:{self.scope}:{self.chat_id}:{self.user_id}:{self.language}"

    @property
    def digest(self) -> str:
        """Returns a digest of the commands and descriptions."""
        return hashlib.sha256(as_text(list(self.commands)).encode()).hexdigest()[:32]

    @property
    def method(self) -> str:
        """Returns the method of the Bot API that sets or deletes it."""
        return "setMyCommands" if self.commands else "deleteMyCommands"

    def params(self) -> dict[str, Any]:
        """Returns the parameters of that method."""
        scope: dict[str, Any] = {"type": self.scope.value}
        if self.chat_id:
            scope["chat_id"] = self.chat_id
        if self.user_id:
            scope["user_id"] = self.user_id
        found: dict[str, Any] = {"scope": scope}
        if self.commands:
            found["commands"] = list(self.commands)
        return found | ({"language_code": self.language} if self.language else {})


def settle_all(desk: Desk, bot_id: int | None = None) -> None:
    """Sends all menus that have changed since they were last sent; a bot other than the last one gets all of them."""
    if bot_id is not None:
        _forget_what_another_was_told(desk, bot_id)
    for menu in _of_everybody(desk):
        _tell(desk, menu, is_unknown=True)
    for kind, code, text in bot_texts.all_texts(desk):
        _tell_text(desk, kind, code, text)
    told = set(
        desk.session.exec(select(ToldMenu.chat_id).where(ToldMenu.scope == MenuScope.CHAT, col(ToldMenu.chat_id) < 0))
    )
    for chat_id in sorted(told | set(desk.session.exec(select(StaffChat.chat_id)))):
        _settle_group(desk, chat_id)
    for person in _concerned(desk):
        _settle_person(desk, person)


def settle_changed(desk: Desk) -> None:
    """Sends the menus that the role changes of this unit of work have changed."""
    people, chats = role_changes.taken(desk)
    if not people and not chats:
        return
    desk.session.flush()
    for chat_id in chats:
        _settle_group(desk, chat_id)
        people += [(person, chat_id) for person in _members(desk, chat_id)]
    for person, chat_id in people:
        _settle_person(desk, person, chat_id)


def take_back(desk: Desk, account: int) -> None:
    """Takes the menus of its own from an account that is nobody's any more."""
    is_theirs = or_(
        and_(ToldMenu.scope == MenuScope.CHAT, ToldMenu.chat_id == account),
        and_(ToldMenu.scope == MenuScope.MEMBER, ToldMenu.user_id == account),
    )
    for told in desk.session.exec(select(ToldMenu).where(is_theirs)).all():
        _tell(desk, Menu(told.scope, (), told.chat_id, told.user_id, told.language))


def lost(desk: Desk, chat_id: int) -> None:
    """Deletes the record of the menus of a group that the bot is not in any more."""
    desk.session.exec(delete(ToldMenu).where(col(ToldMenu.chat_id) == chat_id))


def not_told(desk: Desk, reader: str) -> None:
    """Deletes the record of a menu that Telegram refused: the next run over all of them sends it again."""
    _, scope, chat_id, user_id, language = reader.split(":")
    desk.session.exec(delete(ToldMenu).where(*_is(Menu(MenuScope(scope), (), int(chat_id), int(user_id), language))))


def _of_everybody(desk: Desk) -> Iterator[Menu]:
    """Yields the menus of no single chat.

    Administrators of groups had one of their own in an old version, which would hide the others.
    """
    for code, say in _by_code():
        owners = offered.offered(desk, {Role.OWNER}, Place.PRIVATE)
        yield Menu(MenuScope.PRIVATE_CHATS, _listed(say, owners, Place.PRIVATE), language=code)
        yield Menu(MenuScope.GROUPS, _listed(say, offered.in_any_group(desk), Place.STAFF_GROUP), language=code)
        if code in TOLD_ADMINISTRATORS:
            yield Menu(MenuScope.ADMINISTRATORS, language=code)


def _settle_group(desk: Desk, chat_id: int) -> None:
    """Sends a staff chat the team's menu; deletes that of a group that is no staff chat any more, or has a new id."""
    is_staff_chat = bool(staff.chats_at(desk, chat_id))
    team = offered.offered(desk, {Role.STAFF}, Place.STAFF_GROUP) if is_staff_chat else ()
    for code, say in _by_code():
        _tell(desk, Menu(MenuScope.CHAT, _listed(say, team, Place.STAFF_GROUP), chat_id, language=code))


def _settle_person(desk: Desk, person: Person, chat_id: int = 0) -> None:
    if person.telegram_id is None:
        return
    say = words_of(desk, person)
    roles = offered.roles_of(desk, person) if person.left_at is None else frozenset()
    if person.opened_at is not None and person.blocked_at is None:
        has_own = roles - {Role.OWNER} or (roles and _has_no_code(say))
        listed = offered.offered(desk, roles, Place.PRIVATE) if has_own else ()
        _tell(desk, Menu(MenuScope.CHAT, _listed(say, listed, Place.PRIVATE), person.telegram_id))
    for group in _groups_of(desk, person, chat_id):
        listed = offered.offered(desk, roles, Place.STAFF_GROUP) if _is_superior_in(desk, person, group) else ()
        _tell(desk, Menu(MenuScope.MEMBER, _listed(say, listed, Place.STAFF_GROUP), group, person.telegram_id))


def _groups_of(desk: Desk, person: Person, chat_id: int) -> list[int]:
    """Returns the groups in which a person may have a menu of their own, or had one."""
    told = select(ToldMenu.chat_id).where(ToldMenu.scope == MenuScope.MEMBER, ToldMenu.user_id == person.telegram_id)
    found = set(desk.session.exec(told))
    if rights.is_superior(person):
        of_theirs = select(Membership.chat_id).where(Membership.person_id == person.id)
        found |= set(desk.session.exec(of_theirs)) | ({chat_id} if chat_id < 0 else set())
    return sorted(found)


def _is_superior_in(desk: Desk, person: Person, chat_id: int) -> bool:
    """Tells whether a person has the superiors' menu in a group: of their estate, and unless they left."""
    if not rights.is_superior(person) or person.left_at is not None:
        return False
    if all(chat.estate_id != person.estate_id for chat in staff.chats_at(desk, chat_id)):
        return False
    left = select(Membership.left_at).where(Membership.chat_id == chat_id, Membership.person_id == person.id)
    return desk.session.exec(left).first() is None


def _members(desk: Desk, chat_id: int) -> list[Person]:
    here = select(Membership.person_id).where(Membership.chat_id == chat_id)
    return list(desk.session.exec(select(Person).where(col(Person.id).in_(here)).order_by(col(Person.id))))


def _concerned(desk: Desk) -> list[Person]:
    """Returns the people who have a menu of their own, or had one."""
    told = select(ToldMenu.chat_id).where(ToldMenu.scope == MenuScope.CHAT)
    members = select(Membership.person_id).where(col(Membership.left_at).is_(None))
    is_concerned = or_(
        col(Person.supervises).is_(True),
        col(Person.manages).is_(True),
        col(Person.id).in_(members),
        col(Person.telegram_id).in_(told),
    )
    found = select(Person).where(col(Person.telegram_id).is_not(None), is_concerned)
    return list(desk.session.exec(found.order_by(col(Person.id))))


def _tell(desk: Desk, menu: Menu, *, is_unknown: bool = False) -> None:
    """Writes the call for a menu, unless it was sent so; `is_unknown`: an older version may have sent another."""
    if menu.commands or is_unknown:
        facts = {"scope": menu.scope, "chat_id": menu.chat_id, "user_id": menu.user_id, "language": menu.language}
        write_new(desk.session, ToldMenu, **facts, digest="", told_at=desk.now)
    is_other = col(ToldMenu.digest) != menu.digest
    if change_one(desk.session, ToldMenu, *_is(menu), is_other, digest=menu.digest, told_at=desk.now):
        urgency = Urgency.ROUTINE if menu.chat_id else Urgency.BOT
        outbox.configure(desk, menu.method, menu.params(), urgency, reader=menu.reader)


def _tell_text(desk: Desk, kind: MenuScope, code: str, text: str) -> None:
    """Writes the call for a text about the bot, unless it was sent so."""
    menu, digest = Menu(kind, language=code), hashlib.sha256(text.encode()).hexdigest()[:32]
    facts = {"scope": kind, "chat_id": 0, "user_id": 0, "language": code}
    write_new(desk.session, ToldMenu, **facts, digest="", told_at=desk.now)
    if change_one(desk.session, ToldMenu, *_is(menu), col(ToldMenu.digest) != digest, digest=digest, told_at=desk.now):
        method, *_ = bot_texts.METHODS[kind]
        outbox.configure(desk, method, bot_texts.params(kind, code, text), Urgency.BOT, reader=menu.reader)


def _is(menu: Menu) -> tuple[Any, ...]:
    return (
        col(ToldMenu.scope) == menu.scope,
        col(ToldMenu.chat_id) == menu.chat_id,
        col(ToldMenu.user_id) == menu.user_id,
        col(ToldMenu.language) == menu.language,
    )


def _forget_what_another_was_told(desk: Desk, bot_id: int) -> None:
    write_new(
        desk.session,
        ToldMenu,
        scope=MenuScope.BOT,
        chat_id=0,
        user_id=0,
        language="",
        digest=str(bot_id),
        told_at=desk.now,
    )
    last = desk.session.exec(select(ToldMenu).where(ToldMenu.scope == MenuScope.BOT)).one()
    if last.digest != str(bot_id):
        last.digest, last.told_at = str(bot_id), desk.now
        desk.session.flush()
        desk.session.exec(delete(ToldMenu).where(col(ToldMenu.scope) != MenuScope.BOT))


def _listed(say: Words, found: Iterable[BotCommand], place: Place) -> tuple[dict[str, str], ...]:
    return tuple({"command": command.name, "description": command.described(say, place)} for command in found)


def _by_code() -> Iterator[tuple[str, Words]]:
    """Yields the words of each language with its code for the Bot API: for the source language none, for all others."""
    for code, language in of_menus().items():
        yield ("" if language == SOURCE_LANGUAGE else code), words(language)


def _has_no_code(say: Words) -> bool:
    """Tells whether Telegram has no code of its own for a language, so that its readers need menus of their own."""
    return say.language not in of_menus().values()
