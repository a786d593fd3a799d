"""What an owner adds to a request that was made: passed on at once, beneath the team's card and to whoever has it.

It comes as an answer to a message about the request, or to a question of its own. What the owner has in hand beside it
stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from markupsafe import Markup

from concierge_bot import taps
from concierge_bot.desk import answers, audiences, card_texts, cards, drafts, questions, requests, returns, rights
from concierge_bot.desk.attachments import send_one_beneath
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.drafts import File
from concierge_bot.i18n import Words
from concierge_bot.screens import Button, Rows, Screen, Shown, cut, joined, toast
from storage.people import Person
from storage.requests import HELD, UNFINISHED, Attachment, Draft, Request


class Invitation(NamedTuple):
    """What stands beneath a message about a request to which the owner may add something."""

    text: Markup
    rows: Rows = ()


def invite(desk: Desk, caller: Caller, request: Request) -> Invitation:
    """Asks what is not right with a request that comes back: at once, or with a button where something is in hand."""
    words = caller.words
    if drafts.current(desk, caller) is None:
        drafts.new(desk, caller, adds_to=request.id)
        return Invitation(words.html("What is not right? Please write, speak or send a photo: I pass it on at once."))
    add = Button(words.text("✍️ Add something"), taps.ADD.data(request.id or 0))
    return Invitation(words.html("To tell us what is not right, answer to this message or tap the button."), ((add,),))


def ask(desk: Desk, caller: Caller, request_id: int) -> Shown:
    """Asks what to pass on with a request; what the owner has in hand is taken up again after that."""
    _, request = rights.own(desk, caller, request_id)
    request = returns.present(desk, request)
    if request.state not in UNFINISHED:
        return toast(caller.words.text("#%(number)s is finished already.", number=request.id), alert=True)
    before = drafts.current(desk, caller)
    if before is not None:
        drafts.set_aside(desk, before)
    drafts.new(desk, caller, adds_to=request.id)
    question = caller.words.html("<b>What shall I pass on with #%(number)s?</b>", number=request.id)
    how = caller.words.html("✍️ Please write, speak or send a photo.")
    return Shown(screen=Screen(joined([question, how])))


def wanted(desk: Desk, draft: Draft | None) -> Request | None:
    """Returns the request to which the owner was asked to add something, if it still matters."""
    if draft is None or draft.adds_to is None:
        return None
    request = requests.find(desk, draft.adds_to)
    if request is not None and (request := returns.present(desk, request)).state in UNFINISHED:
        return request
    drafts.close(desk, draft)
    return None


def add_words(desk: Desk, caller: Caller, request: Request, text: str) -> Shown:
    """Passes on words of the owner's; they stand on the cards, too."""
    requests.hold(desk, request)
    kept = answers.with_words(request.answers.get(answers.WORDS), text, caller.sender.message_id)
    request.answers = {**request.answers, answers.WORDS: kept}
    desk.session.add(request)
    _record(desk, caller, request)
    cards.refresh(desk, request)

    def screen(read: Words) -> Screen:
        said = cut(text, answers.LINE_LIMIT)
        return Screen(read.html("✍️ The owner adds to <b>#%(number)s</b>: %(text)s", number=request.id, text=said))

    tell(desk, request, screen)
    return _passed_on(desk, caller, request)


def add_file(desk: Desk, caller: Caller, request: Request, file: File) -> Shown:
    """Passes on a photo, voice message or file of the owner's."""
    attachment = keep(desk, caller, request, file)
    pass_file_on(desk, caller, request, attachment)
    return _passed_on(desk, caller, request)


def keep(desk: Desk, caller: Caller, request: Request, file: File) -> Attachment:
    """Puts a file to those that came with a request."""
    draft = desk.session.get(Draft, request.draft_id) if request.draft_id is not None else None
    if draft is None:
        draft = drafts.folder(desk, caller.known)
        request.draft_id = draft.id
        desk.session.add(request)
        desk.session.flush()
    return drafts.attach(desk, draft, file)


def pass_file_on(desk: Desk, caller: Caller, request: Request, file: Attachment) -> None:
    """Sends a file of a request's beneath the team's card."""
    _record(desk, caller, request)
    card = cards.of_reader(desk, request, cards.TEAM)
    if card is not None:
        send_one_beneath(desk, request, card, file)
    else:
        tell(desk, request, lambda read: _added_a_file(read, request))
    cards.refresh(desk, request)


def tell(desk: Desk, request: Request, screen: Callable[[Words], Screen]) -> None:
    """Tells the team, beneath its card, and in private whoever has the request and a card of their own.

    Where the team has no chat, and nobody has the request, the superiors are told.
    """
    told = audiences.tell_group(desk, request, screen)
    if request.state in HELD:
        holder = card_texts.holder(desk, request)
        if not told or _has_a_card(desk, request, holder):
            told = audiences.tell_person(desk, request, holder, screen) or told
    if not told:
        for person in audiences.superiors(desk, request):
            audiences.tell_person(desk, request, person, screen)


def _has_a_card(desk: Desk, request: Request, person: Person) -> bool:
    readers = (cards.staff_reader(person), cards.supervisor_reader(person))
    return any(cards.of_reader(desk, request, reader) is not None for reader in readers)


def _added_a_file(read: Words, request: Request) -> Screen:
    return Screen(read.html("📎 The owner adds something to <b>#%(number)s</b>.", number=request.id))


def _record(desk: Desk, caller: Caller, request: Request) -> None:
    requests.record(desk, request, "supplemented", caller.known, {"message": caller.sender.message_id})


def _passed_on(desk: Desk, caller: Caller, request: Request) -> Shown:
    """Says so; whatever the owner has in hand stands beneath it again."""
    said = caller.words.html("I have passed it on with #%(number)s.", number=request.id)
    draft = drafts.current(desk, caller)
    if draft is not None and draft.adds_to is not None and (before := drafts.last_set_aside(desk, caller)) is not None:
        drafts.close(desk, draft)
        draft = drafts.take_up(desk, before)
    if draft is None or draft.service not in desk.catalogue.services:
        return Shown(screen=Screen(said))
    at_hand = questions.screen(desk, caller, draft)
    return Shown(screen=Screen(joined([said, "", at_hand.text]), at_hand.rows))
