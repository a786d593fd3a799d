"""Proposals: the holder proposes another time; the owner agrees or not, and without a yes the time stays."""

from __future__ import annotations

from markupsafe import Markup

from concierge_bot.desk.appointments import arriving, new_time, rescheduling
from concierge_bot.desk.cards import appointment_texts, card_texts, cards, notifying, state_texts
from concierge_bot.desk.cards import taps as card_taps
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.fulfilment import appointments
from concierge_bot.desk.fulfilment import taps as fulfilment_taps
from concierge_bot.desk.people import refusals
from concierge_bot.desk.people.names import address, of_colleague
from concierge_bot.desk.requests import appointment_state, repository, request_rights, windows
from concierge_bot.desk.requests.answers import Answer
from concierge_bot.desk.requests.appointment_state import DECLINED, PROPOSED
from concierge_bot.desk.requests.owner_words import YesNo
from concierge_bot.i18n import Words
from concierge_bot.screens import Button, Reply, Screen, joined, toast
from storage.tables.people import Person
from storage.tables.requests import Request, RequestState
from storage.tables.rows import row_id


def choose(desk: Desk, caller: Caller, request_id: int, value: str) -> Reply:
    """Leads the holder through the calendar, and asks the owner about the chosen time."""
    person, request = request_rights.require_holder(desk, caller, request_id)
    repository.hold(desk, request)
    words = caller.words
    if request.state != RequestState.CLAIMED or not appointment_state.is_movable(desk, request):
        said = toast(words.text("The time of this request can no longer be changed."), alert=True)
        return cards.mended(desk, caller, request, said)
    if not desk.person(request.person_id).reachable or not repository.is_still_theirs(desk, request):
        return toast(words.text("My messages do not reach the owner. Please speak to them in person."), alert=True)
    answer = new_time.chosen(desk, request, value)
    if answer is None:
        return _calendar(desk, caller, request, person, value)
    if rescheduling.is_the_time(desk, request, answer):
        return toast(words.text("It is already at that time."), alert=True)
    _propose(desk, request, person, answer)
    return Reply(screen=Screen(_asked(desk, request, words, answer)), in_place=True)


def answer(desk: Desk, caller: Caller, request_id: int, number: int, said: str) -> Reply:
    """Records the owner's answer to a proposal; a yes moves the appointment."""
    person, request = request_rights.require_own(desk, caller, request_id)
    repository.hold(desk, request)
    if said not in set(YesNo) or number not in _numbers(desk, request):
        raise refusals.no_such_button(caller, request_id)
    proposal = appointment_state.open_proposal(desk, request)
    if proposal is None or proposal.data["number"] != number or not appointment_state.is_movable(desk, request):
        return _settled(desk, caller, request, caller.words.text("This has already been settled."))
    wish = proposal.data["wish"]
    if YesNo(said) is YesNo.NO:
        repository.record(desk, request, DECLINED, person, {"number": number})
        _tell_holder(desk, request, agreed=False)
        return _settled(desk, caller, request)
    if _is_over(desk, request, wish) or not rescheduling.move(desk, request, wish, person):
        return _settled(desk, caller, request, caller.words.text("That time has passed."))
    _tell_holder(desk, request, agreed=True)
    return _settled(desk, caller, request)


def _calendar(desk: Desk, caller: Caller, request: Request, person: Person, value: str) -> Reply:
    """Shows the holder the calendar, in private where possible: it is nobody else's in the group."""

    def screen(words: Words) -> Screen:
        label, time = card_texts.label(desk, request, words), appointment_texts.when(desk, request, words)
        head = words.html(
            "🗓 %(label)s: %(time)s. Which time would you like to propose to the owner?", label=label, time=time
        )
        return new_time.screen(desk, request, words, head, card_taps.PROPOSE, value, ())

    if value:
        return Reply(screen=screen(caller.words), in_place=True)
    if not caller.sender.private and notifying.tell_person(desk, request, person, screen):
        return toast(caller.words.text("I have written to you in our private chat."))
    return Reply(screen=screen(caller.words))


def _propose(desk: Desk, request: Request, person: Person, wish: Answer) -> None:
    number = len(_numbers(desk, request)) + 1
    repository.record(desk, request, PROPOSED, person, {"number": number, "wish": wish})
    arriving.tell_owner(desk, request, lambda words, owner: _question(desk, request, words, owner, number, wish))
    appointments.await_answer(desk, request, number)


def _question(desk: Desk, request: Request, words: Words, owner: Person, number: int, wish: Answer) -> Screen:
    text = words.html(
        "🗓 %(address)s, for your request #%(number)s (%(service)s), %(name)s would like to come at another time: "
        "<b>%(proposed)s</b> instead of %(time)s. Does that suit you?",
        address=address(words, owner),
        number=request.id,
        service=words.text(repository.service_of(desk, request).name),
        name=of_colleague(words, state_texts.holder(desk, request)),
        proposed=appointment_texts.when(desk, request, words, wish),
        time=appointment_texts.when(desk, request, words),
    )
    rows = (
        (Button(words.text("Yes, that suits me"), fulfilment_taps.PROPOSAL.data(row_id(request), number, YesNo.YES)),),
        (
            Button(
                words.text("No, please keep the time"), fulfilment_taps.PROPOSAL.data(row_id(request), number, YesNo.NO)
            ),
        ),
    )
    return Screen(text, rows)


def _asked(desk: Desk, request: Request, words: Words, wish: Answer) -> Markup:
    return words.html(
        "🗓 %(label)s: I have asked the owner about %(proposed)s. Until they say yes, it stays at %(time)s.",
        label=card_texts.label(desk, request, words),
        proposed=appointment_texts.when(desk, request, words, wish),
        time=appointment_texts.when(desk, request, words),
    )


def _settled(desk: Desk, caller: Caller, request: Request, said: str = "") -> Reply:
    """Returns the screen in the question's place: the time that is agreed."""
    words = caller.words
    text = words.html(
        "🗓 %(address)s, the time for your request #%(number)s (%(service)s): %(time)s.",
        address=address(words, desk.person(request.person_id)),
        number=request.id,
        service=words.text(repository.service_of(desk, request).name),
        time=appointment_texts.when(desk, request, words),
    )
    return Reply(toast=said, screen=Screen(text), in_place=True)


def _tell_holder(desk: Desk, request: Request, *, agreed: bool) -> None:
    if request.state != RequestState.CLAIMED:
        return
    holder = state_texts.holder(desk, request)

    def screen(words: Words) -> Screen:
        facts = {"label": card_texts.label(desk, request, words), "time": appointment_texts.when(desk, request, words)}
        if not agreed:
            return Screen(words.html("🗓 %(label)s: the owner would like to keep the time, %(time)s.", **facts))
        said = words.html("🗓 %(label)s: the owner agrees. The time is now %(time)s.", **facts)
        return Screen(joined([said, appointments.overlap_line(desk, request, holder, words)]))

    appointments.tell_holder(desk, request, screen)


def _numbers(desk: Desk, request: Request) -> list[int]:
    return [line.data["number"] for line in repository.history(desk, request, PROPOSED)]


def _is_over(desk: Desk, request: Request, wish: Answer) -> bool:
    window = windows.of_answers(desk, desk.estate(request.estate_id), request.team, {"": wish})
    return window is None or window.ends <= desk.now
