"""Appointments: the owner's wished time is a promise, of which the holder is reminded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup
from sqlmodel import col, select

from concierge_bot.desk.cards import appointment_texts, card_texts, cards, notifying, state_texts
from concierge_bot.desk.cards.readers import ReaderKind
from concierge_bot.desk.context import Desk
from concierge_bot.desk.people import names, notification_policy, villas
from concierge_bot.desk.queues.timers import TimerKind, set_timer
from concierge_bot.desk.requests import appointment_state, repository, windows
from concierge_bot.desk.requests.windows import Window
from concierge_bot.i18n import Words
from concierge_bot.screens import Screen, joined
from storage.tables.people import Person
from storage.tables.queues import Timer, Urgency
from storage.tables.requests import EventKind, Request, RequestState, is_unfinished
from storage.tables.rows import row_id

REMIND, UNANSWERED = "remind", "unanswered"


@dataclass(frozen=True)
class Appointment:
    """A request with its agreed window."""

    request: Request
    window: Window


def plan(desk: Desk, request: Request) -> None:
    """Sets the timer that reminds the holder at that time; none where it would come too late."""
    window = windows.of_request(desk, request)
    if window is None:
        return
    moment = _reminded_at(desk, request, window)
    if moment > desk.now:
        _set(desk, request, moment, REMIND, appointment_state.times_moved(desk, request))


def plan_forgotten(desk: Desk) -> None:
    """Sets the reminder of each unfinished request that never had one, made under a version without reminders."""
    planned = select(Timer.subject_id).where(Timer.kind == TimerKind.APPOINTMENT)
    for request in desk.session.exec(select(Request).where(is_unfinished(), col(Request.id).not_in(planned))).all():
        plan(desk, request)


def await_answer(desk: Desk, request: Request, proposal: int) -> None:
    """Ensures that the holder who proposed another time is told, before the old one, if the owner does not answer."""
    window, wait = windows.of_request(desk, request), desk.catalogue_of(request.estate_id).rules.remind_before
    if window is not None and _reminded_at(desk, request, window) > desk.now:
        plan(desk, request)  # the reminder says so
        return
    if window is not None and window.ends > desk.now:
        wait = min(wait, (window.ends - desk.now) / 2)
    _set(desk, request, desk.now + wait, UNANSWERED, proposal)


def fire(desk: Desk, timer: Timer) -> None:
    """Reminds the holder, or tells them that the owner has not answered; does nothing for an outdated time."""
    request = repository.find(desk, timer.subject_id)
    if request is None or request.state != RequestState.CLAIMED:
        return
    if timer.data["what"] == UNANSWERED:
        _tell_unanswered(desk, request, timer.data["number"])
    elif timer.data["number"] == appointment_state.times_moved(desk, request):
        _remind(desk, request)


def upcoming(desk: Desk, person: Person, days: int = 2) -> list[Appointment]:
    """Returns the appointments of a holder today and on the following days, the next one first."""
    found = []
    for request in repository.held_by(desk, person):
        window = windows.of_request(desk, request)
        if window is None or window.ends <= desk.now:
            continue
        zone, last = desk.zone(request.estate_id), desk.today(request.estate_id) + timedelta(days=days - 1)
        if window.starts.astimezone(zone).date() <= last:
            found.append(Appointment(request, window))
    return sorted(found, key=lambda one: (one.window.starts, one.window.ends, one.request.id))


def line(desk: Desk, appointment: Appointment, words: Words) -> Markup:
    """Returns an appointment as a line of a list for the staff."""
    request = appointment.request
    return words.html(
        "%(label)s: %(time)s",
        label=cards.linked_label(desk, request, words),
        time=windows.in_words(desk, request, appointment.window, words),
    )


def overlaps(desk: Desk, request: Request, holder: Person, words: Words) -> str:
    """Returns the holder's other requests in the same window, as text; empty where they can keep to both."""
    window = windows.of_request(desk, request)
    return "; ".join(_overlapping(desk, request, window, holder, words)) if window else ""


def overlap_line(desk: Desk, request: Request, holder: Person, words: Words) -> Markup | None:
    """Returns the same as a line of a message; None where there are none."""
    others = overlaps(desk, request, holder, words)
    return words.html("⚠️ It overlaps with %(others)s.", others=others) if others else None


def _overlapping(desk: Desk, request: Request, window: Window, holder: Person, words: Words) -> Iterator[str]:
    for other in repository.held_by(desk, holder):
        taken = windows.of_request(desk, other)
        if other.id != request.id and taken is not None and window.overlaps(taken):
            yield words.text(
                "#%(number)s · %(villa)s, %(time)s",
                number=other.id,
                villa=villas.called(words, desk.villa(other.villa_id).name),
                time=windows.in_words(desk, other, taken, words),
            )


def tell_holder(desk: Desk, request: Request, screen: Callable[[Words], Screen]) -> None:
    """Writes to the holder in private; where that cannot be, by name beneath the card in the group."""
    holder = state_texts.holder(desk, request)
    if notifying.tell_person(desk, request, holder, screen):
        return

    def named(words: Words) -> Screen:
        said = screen(words)
        return Screen(joined([words.html("👉 %(name)s:", name=holder.name), said.text]), said.rows)

    notifying.tell_group(desk, request, named)


def reminder(desk: Desk, request: Request, words: Words) -> Screen:
    """Returns the present text of the reminder, with the buttons that have not been tapped yet."""
    owner = names.address_for_staff(words, desk.person(request.person_id))
    time = appointment_texts.when(desk, request, words)
    label = card_texts.label(desk, request, words)
    lines = [
        words.html("🗓 %(label)s: the agreed time with %(owner)s is %(time)s.", label=label, owner=owner, time=time),
        _unanswered(words) if appointment_state.open_proposal(desk, request) else None,
        *appointment_texts.under_way(desk, request, words),
    ]
    coming = request.state == RequestState.CLAIMED
    return Screen(joined(lines), appointment_texts.coming_row(desk, request, words) if coming else ())


def _remind(desk: Desk, request: Request) -> None:
    """Sends the reminder, and updates the staff's cards, which have its buttons from now on."""
    window = windows.of_request(desk, request)
    if window is None or window.ends <= desk.now:
        return
    repository.record(desk, request, EventKind.APPOINTMENT_REMINDED, state_texts.holder(desk, request))
    tell_holder(desk, request, lambda words: reminder(desk, request, words))
    for card in cards.of_request(desk, request):
        if card.reader != ReaderKind.OWNER:
            cards.refresh_one(desk, request, card)


def _tell_unanswered(desk: Desk, request: Request, number: int) -> None:
    proposal = appointment_state.open_proposal(desk, request)
    if proposal is None or proposal.data["number"] != number:
        return

    def screen(words: Words) -> Screen:
        label, time = card_texts.label(desk, request, words), appointment_texts.when(desk, request, words)
        stays = words.html("🗓 %(label)s: the time stays as it was, %(time)s.", label=label, time=time)
        return Screen(joined([stays, _unanswered(words)]))

    tell_holder(desk, request, screen)


def _unanswered(words: Words) -> Markup:
    return words.html("The owner has not answered your proposal.")


def _reminded_at(desk: Desk, request: Request, window: Window) -> datetime:
    """Returns the time of the reminder; for a whole day, the first moment of it at which it may sound."""
    if window.whole_day:
        return notification_policy.of_request(desk, request).earliest(window.starts)
    return window.starts - desk.catalogue_of(request.estate_id).rules.remind_before


def _set(desk: Desk, request: Request, moment: datetime, what: str, number: int) -> None:
    set_timer(
        desk,
        TimerKind.APPOINTMENT,
        row_id(request),
        moment,
        Urgency.TASK,
        key=f"{what}:{number}",
        data={"what": what, "number": number},
    )
