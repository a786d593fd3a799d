"""The life of a staff chat: a group becomes one, changes its language, moves, or is lost."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import col, select

from concierge_bot.desk.cards import card_places, cards, chat_troubles
from concierge_bot.desk.context import Caller, Desk, words_of
from concierge_bot.desk.menus import command_menus, menus
from concierge_bot.desk.people import refusals, rights, staff
from concierge_bot.desk.people.refusals import no_such_button
from concierge_bot.desk.queues import outbox
from concierge_bot.desk.queues.policies import ALWAYS
from concierge_bot.desk.requests import board_changes, repository
from concierge_bot.desk.roles import role_changes
from concierge_bot.desk.staff_chats import boards, held_back, taps
from concierge_bot.i18n import language_of, words
from concierge_bot.screens import Button, Reply, Screen, joined
from storage.tables.groups import Cause
from storage.tables.people import StaffChat
from storage.tables.queues import Urgency


def register(desk: Desk, caller: Caller, team: str, *, in_place: bool = False) -> Reply:
    """Makes the caller's group (or forum topic) the staff chat of a team, and shows its unfinished requests there."""
    say = caller.words
    person = rights.require_supervisor(caller)
    sender = caller.sender
    if sender.private:
        return Reply(screen=Screen(say.html("Please send this command in your staff group.")))
    rights.require_own_group(desk, caller)
    typed = team or next(iter(desk.catalogue_of(person.estate_id).teams))
    found = staff.team_named(desk, person.estate_id, typed)
    if found is None:
        known = staff.teams_listed(desk, person.estate_id, say)
        return Reply(screen=Screen(say.html("There is no such team. The teams are: %(teams)s.", teams=known)))
    chat = desk.session.exec(
        select(StaffChat).where(StaffChat.estate_id == person.estate_id, StaffChat.team == found)
    ).one_or_none()
    if chat is None:
        language = desk.estate(person.estate_id).language
        chat = StaffChat(estate_id=person.estate_id, team=found, chat_id=sender.chat_id, language=language)
    for chat_id in {chat.chat_id, sender.chat_id}:
        role_changes.note_chat(desk, chat_id)
    chat.chat_id, chat.thread_id = sender.chat_id, sender.thread_id
    chat.title = sender.chat_title or words(chat.language).text(desk.catalogue_of(person.estate_id).teams[found])
    desk.session.add(chat)
    desk.session.flush()
    staff.enrol(desk, chat, sender)
    staff.take_up(desk, chat)
    card_places.show_all(desk, person.estate_id)
    held_back.try_again(desk, chat.chat_id)
    board_changes.note(desk, person.estate_id)
    return Reply(screen=_registered(desk, chat), in_place=in_place)


def offer(desk: Desk, caller: Caller) -> None:
    """Offers a supervisor who added the bot to a group buttons that make it a staff chat.

    Where a stranger added it, a refusal is recorded and nothing is said there.
    """
    person = caller.person
    if person is None or not rights.is_superior(person):
        if person is None or not staff.is_staff(desk, person):
            refusals.note(desk, caller)  # nothing is said there: to whom belongs this group?
        return
    say = caller.words
    buttons = tuple(
        (Button(say.text("Staff chat for %(team)s", team=say.text(name)), taps.STAFF_CHAT.data(team)),)
        for team, name in desk.catalogue_of(person.estate_id).teams.items()
    )
    text = say.html("Good day. Would you like to make this group a staff chat?")
    outbox.say(desk, caller.sender.chat_id, Screen(text, buttons), Urgency.TASK, policy=ALWAYS, reader="offer")


def ask_language(desk: Desk, caller: Caller) -> Reply:
    """Handles /language in a staff chat: asks for the language of its cards."""
    rights.require_staff_chat(desk, caller)
    return Reply(screen=menus.choose_chat_language(caller))


def choose_language(desk: Desk, caller: Caller, language: str) -> Reply:
    """Changes the language of the cards in a staff chat; any member may."""
    chats = rights.require_staff_chat(desk, caller)
    code = language_of(language)
    if code is None:
        raise no_such_button(caller)
    for chat in chats:
        chat.language = code
    desk.session.flush()
    for chat in chats:
        board_changes.note(desk, chat.estate_id)
        for request in repository.unfinished(desk, chat.estate_id, chat.team):
            cards.refresh(desk, request)
    chosen = words(code)
    said = chosen.html("The cards in this chat are written in: %(language)s", language=chosen.name)
    return Reply(screen=Screen(said), in_place=True)


def members_hidden(desk: Desk, caller: Caller, chat_ids: Iterable[int]) -> Reply:
    """Answers a caller whose membership nobody can tell, and tells the supervisors what to do about it.

    A tap in the group itself is no proof: in a public group, any reader may tap.
    """
    for chat_id in chat_ids:
        chat_troubles.arise(desk, chat_id, Cause.MEMBERS_HIDDEN, "")
    return refusals.answered(desk, caller, refusals.cannot_tell(caller))


def lost(desk: Desk, chat_id: int) -> None:
    """Deletes a staff chat that the bot was removed from, and tells the supervisors: its requests have no place now."""
    card_places.out_of(desk, chat_id)
    command_menus.lost(desk, chat_id)
    boards.lost(desk, chat_id)
    role_changes.note_chat(desk, chat_id)
    chat_troubles.forget(desk, chat_id)
    for chat in desk.session.exec(select(StaffChat).where(col(StaffChat.chat_id) == chat_id)).all():
        desk.session.delete(chat)
        desk.session.flush()
        board_changes.note(desk, chat.estate_id)
        for person in staff.supervisors(desk, chat.estate_id):
            if person.reachable and person.telegram_id:
                say = words_of(desk, person)
                text = say.html(
                    "⚠️ %(team)s: the staff chat “%(title)s” is without me now, so new requests cannot be posted there. "
                    "Please add me again and send /staffchat, or choose another group.",
                    title=chat.title,
                    team=say.text(desk.catalogue_of(chat.estate_id).teams.get(chat.team, chat.team)),
                )
                outbox.say(desk, person.telegram_id, Screen(text), Urgency.ESCALATION, policy=ALWAYS, reader="alarm")
        card_places.show_all(desk, chat.estate_id)


def _registered(desk: Desk, chat: StaffChat) -> Screen:
    say = words(chat.language)
    return Screen(
        joined(
            [
                say.html(
                    "✅ This is now the staff chat for %(team)s.",
                    team=say.text(desk.catalogue_of(chat.estate_id).teams[chat.team]),
                ),
                say.html(
                    "New requests appear here; the first to tap Claim gets it. /language sets the language of the "
                    "cards."
                ),
                say.html("Please make me an administrator here, so that I can see who joins and who leaves."),
            ]
        )
    )
