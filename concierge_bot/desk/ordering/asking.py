"""The owner's messages: an answer to the present question, a supplement to a request, or a new wish.

None of them is lost: what belongs nowhere yet is kept until the owner says what it is for.
"""

from __future__ import annotations

from concierge_bot.catalogue.model import Question, QuestionKind
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.menus import menus
from concierge_bot.desk.ordering import (
    addressing,
    answering,
    at_hand,
    destinations,
    edits,
    kind_words,
    questions,
    supplements,
    wizard,
)
from concierge_bot.desk.people import rights
from concierge_bot.desk.requests import answers, drafts, saved_drafts
from concierge_bot.desk.requests.drafts import File
from concierge_bot.language import courtesies, quantities
from concierge_bot.screens import NOTHING, Reply, Screen
from storage.tables.requests import UNFINISHED, Draft, Request


def write(desk: Desk, caller: Caller, text: str) -> Reply:
    """Handles words of an owner's: a courtesy, a supplement, an answer, or a wish to be kept."""
    if not rights.is_owner(caller):
        return Reply(screen=menus.instead(desk, caller))
    if not text.strip():
        return _nothing_said(desk, caller)
    about = addressing.about(desk, caller)
    if about is not None and about.state in UNFINISHED:
        return supplements.add_words(desk, caller, about, text)
    if (kindly := kind_words.answer(desk, caller, text)) is not None:
        return kindly
    if about is not None:
        return _after_the_end(desk, caller, about, text)
    if (request := supplements.wanted(desk, drafts.current(desk, caller))) is not None:
        return supplements.add_words(desk, caller, request, text)
    return _answer(desk, caller, text)


def _answer(desk: Desk, caller: Caller, text: str) -> Reply:
    draft = drafts.at_hand(desk, caller)
    question = drafts.question_of(desk, draft)
    if question is None:
        drafts.add_words(draft, text, caller.sender.message_id)
    elif questions.may_skip(desk, draft, question) and courtesies.declines(text):
        drafts.answer(draft, drafts.service_of(desk, draft), question, answers.SKIPPED)
    else:
        service = drafts.service_of(desk, draft)
        before = draft.answers.get(question.key, {})
        answer = answering.meant(
            drafts.catalogue_of(desk, draft), service, question, text, before, caller.sender.message_id
        )
        if answer is None:
            return _ask_again(desk, caller, draft, question, text)
        drafts.answer(draft, service, question, answer)
        if question.kind is QuestionKind.QUANTITY and not quantities.is_bare(text):
            drafts.add_words(draft, text, caller.sender.message_id)
    drafts.touch(desk, draft)
    return Reply(screen=at_hand.screen(desk, caller, draft))


def attach(desk: Desk, caller: Caller, file: File) -> Reply:
    """Handles a photo, voice message or file. The parts of an album are answered once."""
    if not rights.is_owner(caller):
        return Reply(screen=menus.instead(desk, caller))
    if (request := addressing.of_album(desk, caller, file.media_group_id)) is not None:
        supplements.add_file(desk, caller, request, file)
        return NOTHING
    about = addressing.about(desk, caller)
    if about is not None and about.state not in UNFINISHED:
        return _after_the_end(desk, caller, about, file)
    request = about or supplements.wanted(desk, drafts.current(desk, caller))
    if request is not None:
        return supplements.add_file(desk, caller, request, file)
    draft = drafts.at_hand(desk, caller)
    continues = file.media_group_id is not None and drafts.has_part(desk, draft, file.media_group_id)
    step = draft.step
    drafts.attach(desk, draft, file)
    drafts.heed(desk, draft, file)
    drafts.touch(desk, draft)
    return NOTHING if continues and draft.step == step else Reply(screen=at_hand.screen(desk, caller, draft))


def edit(desk: Desk, caller: Caller, message_id: int, text: str, file: File | None = None) -> Reply:
    """Handles an edited message of an owner's: its words, its caption or its photo."""
    return edits.change(desk, caller, message_id, text, file) if rights.is_owner(caller) else NOTHING


def cannot_pass_on(desk: Desk, caller: Caller) -> Reply:
    """Answers a message that is neither words nor a file."""
    if not rights.is_owner(caller):
        return Reply(screen=menus.instead(desk, caller))
    sorry = caller.words.html("I can pass on text, photos, videos, voice messages and files. Please use one of these.")
    return Reply(screen=Screen(sorry))


def cancel_command(desk: Desk, caller: Caller) -> Reply:
    """Handles /cancel."""
    return wizard.give_up(desk, caller) if rights.is_owner(caller) else Reply(screen=menus.instead(desk, caller))


def _after_the_end(desk: Desk, caller: Caller, about: Request, said: str | File) -> Reply:
    """Keeps a message about a finished request in a draft, and asks what to do with it."""
    draft = drafts.current(desk, caller)
    if draft is not None and (draft.service is not None or draft.adds_to is not None):
        saved_drafts.put_down(desk, draft)
        draft = None
    draft = draft or drafts.new(desk, caller)
    if isinstance(said, str):
        drafts.add_words(draft, said, caller.sender.message_id)
    else:
        drafts.attach(desk, draft, said)
        drafts.heed(desk, draft, said)
    drafts.touch(desk, draft)
    return Reply(screen=destinations.screen(desk, caller, draft, about=about))


def _nothing_said(desk: Desk, caller: Caller) -> Reply:
    return Reply(screen=at_hand.present(desk, caller) or menus.home(desk, caller))


def _ask_again(desk: Desk, caller: Caller, draft: Draft, question: Question, text: str) -> Reply:
    """Asks a question again, with its buttons; words that are no answer to it are kept beside it."""
    words = caller.words
    if question.kind is QuestionKind.QUANTITY:
        said = words.html("Please write a number from 1 to %(largest)s.", largest=answering.LARGEST_QUANTITY)
    else:
        drafts.add_words(draft, text, caller.sender.message_id)
        drafts.touch(desk, draft)
        said = words.html("I have noted what you wrote. Please tap one of these:")
    return Reply(screen=at_hand.beneath(desk, caller, said))
