"""Supplements to a request: passed on at once, beneath the team's card and to the holder.

They come as a reply to a message about the request, or as an answer to a question of their own. The draft that the
owner has in hand meanwhile stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from markupsafe import Markup

from concierge_bot.desk.cards import attachments, card_texts, cards, notifying, state_texts
from concierge_bot.desk.cards import taps as card_taps
from concierge_bot.desk.cards.attachments import pieces, send_more_beneath
from concierge_bot.desk.cards.readers import ReaderKind, staff_reader, supervisor_reader
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.fulfilment import returns
from concierge_bot.desk.ordering import at_hand, taps
from concierge_bot.desk.requests import answers, drafts, repository, request_rights, saved_drafts
from concierge_bot.desk.requests.drafts import File
from concierge_bot.i18n import Words
from concierge_bot.screens import Button, Reply, Rows, Screen, joined, toast
from storage.tables.people import Person
from storage.tables.requests import HELD, UNFINISHED, Attachment, Draft, EventKind, Request
from storage.tables.rows import row_id


class Invitation(NamedTuple):
    """The invitation beneath a message about a request, to add something."""

    text: Markup
    rows: Rows = ()


def invite(desk: Desk, caller: Caller, request: Request) -> Invitation:
    """Asks what is not right with a return: at once, or by a button where a draft is in hand."""
    words = caller.words
    if drafts.current(desk, caller) is None:
        drafts.new(desk, caller, adds_to=request.id)
        return Invitation(
            words.html(
                "What is not right? Please send me a message, a voice note or a photo, and I will pass it on at once."
            )
        )
    add = Button(words.context_text("button", "✍️ Add something"), card_taps.ADD.data(row_id(request)))
    return Invitation(
        words.html("To tell us what is not right, please reply to this message or tap the button."), ((add,),)
    )


def ask(desk: Desk, caller: Caller, request_id: int) -> Reply:
    """Asks what to pass on with a request; the draft in hand is taken up again after that."""
    _, request = request_rights.require_own(desk, caller, request_id)
    request = returns.present(desk, request)
    if request.state not in UNFINISHED:
        return toast(caller.words.text("#%(number)s is already finished.", number=request.id), alert=True)
    asked = saved_drafts.make_room(desk, caller, row_id(request))
    question = caller.words.html("<b>What would you like to add to #%(number)s?</b>", number=request.id)
    how = caller.words.html("✍️ Please send me a message, a voice note or a photo.")
    cancel = Button(caller.words.context_text("button", "✕ Cancel"), taps.GIVE_UP.data(row_id(asked)))
    return Reply(screen=Screen(joined([question, how]), ((cancel,),)))


def leave(desk: Desk, caller: Caller, asked: Draft, *, in_place: bool) -> Reply:
    """Ends the question what to add without an answer."""
    drafts.close(desk, asked)
    saved_drafts.give_back(desk, caller, asked)
    said = caller.words.html("Nothing has been passed on.")
    return Reply(screen=at_hand.beneath(desk, caller, said), in_place=in_place)


def wanted(desk: Desk, draft: Draft | None) -> Request | None:
    """Returns the request that the owner was asked to supplement; None where it is finished, or none was."""
    if draft is None or draft.adds_to is None:
        return None
    request = repository.find(desk, draft.adds_to)
    if request is not None and repository.is_still_theirs(desk, request):
        request = returns.present(desk, request)
        if request.state in UNFINISHED:
            return request
    drafts.close(desk, draft)
    return None


def add_words(desk: Desk, caller: Caller, request: Request, text: str) -> Reply:
    """Passes on the owner's words, and confirms it."""
    pass_words_on(desk, caller, request, [(caller.sender.message_id, text)])
    return _passed_on(desk, caller, request)


def add_file(desk: Desk, caller: Caller, request: Request, file: File) -> Reply:
    """Passes on a photo, voice message or file of the owner's, and confirms it."""
    added = drafts.attach(desk, folder_of(desk, caller, request), file)
    pass_files_on(desk, caller, request, [added])
    if added not in attachments.rest(desk, request):
        return _passed_on(desk, caller, request)
    said = caller.words.html(
        "Thank you, I have added it to #%(number)s; my colleagues can see it with one tap.", number=request.id
    )
    return _confirmed(desk, caller, said)


def pass_words_on(desk: Desk, caller: Caller, request: Request, said: list[tuple[int | None, str]]) -> None:
    """Adds the words of some messages to a request and its cards, and tells the team."""
    repository.hold(desk, request)
    kept = request.answers.get(answers.WORDS)
    for message_id, text in said:
        kept = answers.with_words(kept, text, message_id)
    request.answers = {**request.answers, answers.WORDS: kept}
    desk.session.add(request)
    repository.record(desk, request, EventKind.SUPPLEMENTED, caller.require_person())
    cards.refresh(desk, request)
    for piece in pieces("\n".join(text for _, text in said)):
        tell(desk, request, _added(desk, request, piece))


def pass_files_on(desk: Desk, caller: Caller, request: Request, files: list[Attachment]) -> None:
    """Sends further files of a request beneath the team's card."""
    repository.record(desk, request, EventKind.SUPPLEMENTED, caller.require_person())
    card = cards.of_reader(desk, request, ReaderKind.TEAM)
    if card is not None:
        send_more_beneath(desk, request, card, files)
    else:
        tell(desk, request, lambda read: _added_a_file(desk, read, request))
    cards.refresh(desk, request)


def folder_of(desk: Desk, caller: Caller, request: Request) -> Draft:
    """Returns the draft that holds a request's files; opens it where there is none."""
    found = desk.session.get(Draft, request.draft_id) if request.draft_id is not None else None
    if found is None:
        found = drafts.folder(desk, caller.require_person())
        request.draft_id = found.id
        desk.session.add(request)
        desk.session.flush()
    return found


def tell(desk: Desk, request: Request, screen: Callable[[Words], Screen]) -> None:
    """Tells the team, beneath its card, and in private the holder who has a card of their own.

    Where the team has no chat, and nobody holds the request, the superiors are told.
    """
    told = notifying.tell_group(desk, request, screen)
    if request.state in HELD:
        holder = state_texts.holder(desk, request)
        if not told or _has_a_card(desk, request, holder):
            told = notifying.tell_person(desk, request, holder, screen) or told
    if not told:
        for person in notifying.superiors(desk, request):
            notifying.tell_person(desk, request, person, screen)


def _has_a_card(desk: Desk, request: Request, person: Person) -> bool:
    readers = (staff_reader(person), supervisor_reader(person))
    return any(cards.of_reader(desk, request, reader) is not None for reader in readers)


def _added(desk: Desk, request: Request, text: str) -> Callable[[Words], Screen]:
    def screen(read: Words) -> Screen:
        label = card_texts.label(desk, request, read)
        return Screen(read.html("✍️ %(label)s. The owner has added: %(text)s", label=label, text=text))

    return screen


def _added_a_file(desk: Desk, read: Words, request: Request) -> Screen:
    return Screen(
        read.html("📎 %(label)s. The owner has added something.", label=card_texts.label(desk, request, read))
    )


def _passed_on(desk: Desk, caller: Caller, request: Request) -> Reply:
    """Returns the confirmation, with the draft in hand beneath it again."""
    return _confirmed(
        desk, caller, caller.words.html("I have passed it on and added it to #%(number)s.", number=request.id)
    )


def _confirmed(desk: Desk, caller: Caller, said: Markup) -> Reply:
    """Returns a confirmation, with the draft in hand beneath it again."""
    draft = drafts.current(desk, caller)
    if draft is not None and draft.adds_to is not None:
        saved_drafts.give_back(desk, caller, draft)
    return Reply(screen=at_hand.beneath(desk, caller, said))
