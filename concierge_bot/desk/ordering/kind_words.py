"""Courtesies of an owner's: answered in kind, without being kept."""

from __future__ import annotations

from sqlmodel import col, select

from concierge_bot.catalogue.model import QuestionKind
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.menus import menus
from concierge_bot.desk.ordering import at_hand, questions
from concierge_bot.desk.people import birthdays
from concierge_bot.desk.people.names import address
from concierge_bot.desk.requests import drafts
from concierge_bot.language import courtesies
from concierge_bot.language.courtesies import Courtesy
from concierge_bot.language.typed import comparable
from concierge_bot.screens import Reply
from storage.tables.people import Person
from storage.tables.requests import Draft


def answer(desk: Desk, caller: Caller, text: str) -> Reply | None:
    """Answers thanks, a greeting or an assent, and shows what is in hand again; None where more was said."""
    draft = drafts.current(desk, caller)
    if _awaits_send(desk, draft) and courtesies.confirms(text):
        hint = caller.words.html("Please tap ✅ Send, and it will go to the team.")
        return Reply(screen=at_hand.beneath(desk, caller, hint))
    if draft is not None and _may_be_declined(desk, draft, text):
        return None
    kind = _kind(desk, caller, text)
    if kind is None or (_is_asked_when(desk, draft) and courtesies.is_time_of_day(text)):
        return None
    said = {
        Courtesy.THANKS: caller.words.html("It is our pleasure, %(address)s.", address=_address(caller)),
        Courtesy.GREETING: birthdays.greeting(desk, caller),
        Courtesy.ASSENT: caller.words.html("At your service, %(address)s.", address=_address(caller)),
    }[kind]
    if kind is Courtesy.GREETING and at_hand.present(desk, caller) is None:
        return Reply(screen=menus.home(desk, caller))
    return Reply(screen=at_hand.beneath(desk, caller, said))


def _may_be_declined(desk: Desk, draft: Draft, text: str) -> bool:
    question = drafts.question_of(desk, draft)
    return question is not None and questions.may_skip(desk, draft, question) and courtesies.declines(text)


def _kind(desk: Desk, caller: Caller, text: str) -> Courtesy | None:
    names = _names_of_staff(desk, caller) if courtesies.rest_of(text) else frozenset()
    return courtesies.of(text, names)


def _names_of_staff(desk: Desk, caller: Caller) -> frozenset[str]:
    """Returns the words of the names of everybody who works on the caller's estate."""
    found = select(Person).where(
        Person.estate_id == caller.require_person().estate_id,
        col(Person.villa_id).is_(None),
        col(Person.left_at).is_(None),
    )
    names = (
        name
        for person in desk.session.exec(found)
        for name in (person.name, person.given_name, person.surname, person.display_name)
    )
    return frozenset(word for name in names for word in comparable(name or "").split())


def _address(caller: Caller) -> str:
    return address(caller.words, caller.require_person())


def _awaits_send(desk: Desk, draft: Draft | None) -> bool:
    if draft is None or draft.service not in drafts.catalogue_of(desk, draft).services:
        return False
    return draft.step >= len(drafts.service_of(desk, draft).questions)


def _is_asked_when(desk: Desk, draft: Draft | None) -> bool:
    question = drafts.question_of(desk, draft)
    return question is not None and question.kind is QuestionKind.WHEN
