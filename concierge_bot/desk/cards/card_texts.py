"""The texts of a card for each of its readers, in their language, from the request's present state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from markupsafe import Markup

from concierge_bot.desk.cards import appointment_texts, attachments, owner_promises, state_texts, taps
from concierge_bot.desk.context import Desk
from concierge_bot.desk.people import names, villas
from concierge_bot.desk.requests import answers, promises, reasons, repository, undo_window
from concierge_bot.desk.requests.promises import Promise
from concierge_bot.desk.requests.repository import Line
from concierge_bot.i18n import Words
from concierge_bot.screens import Button, DisabledButton, Rows, Screen, Style, joined
from storage.tables.people import Person
from storage.tables.requests import HELD, UNFINISHED, EventKind, Request, RequestState
from storage.tables.rows import required, row_id

HISTORY = (
    EventKind.SENT,
    EventKind.CLAIMED,
    EventKind.ASSIGNED,
    EventKind.RELEASED,
    EventKind.ON_SITE,
    EventKind.DONE,
    EventKind.CANCELLED,
    *appointment_texts.STEPS,
)
"""The events that an owner sees as steps."""
MARKS = {
    RequestState.OPEN: "🟡",
    RequestState.CLAIMED: "🔵",
    RequestState.ON_SITE: "🟣",
    RequestState.DONE: "✅",
    RequestState.CANCELLED: "⚪️",
}
MOST_STEPS = 11
MOST_NOTES = 1


def for_owner(desk: Desk, request: Request, words: Words) -> Screen:
    """Returns the owner's card: the answers, the promises, and every step since."""
    text = joined(
        [
            _heading(desk, request, words),
            _return_line(request, words),
            *_details(desk, request, words),
            *_files_kept(desk, request, words),
            *owner_promises.lines(desk, request, words),
            "",
            *_steps(desk, request, words),
        ]
    )
    is_begun = undo_window.state_told(desk, request) not in (RequestState.OPEN, RequestState.CLAIMED)
    if is_begun or not repository.is_still_theirs(desk, request):
        return Screen(text)
    cancel = (Button(words.text("Cancel this request"), taps.CANCEL.data(row_id(request))),)
    return Screen(text, (*appointment_texts.owner_rows(desk, request, words), cancel))


def for_team(desk: Desk, request: Request, words: Words) -> Screen:
    """Returns the card for the team's chat: the facts for the staff, the holder, and the buttons that fit the state."""
    card = for_member(desk, request, words)
    return replace(card, rows=(*_holder_row(desk, request, words), *card.rows))


def for_member(desk: Desk, request: Request, words: Words) -> Screen:
    """Returns the team's card for a member of the staff in private."""
    return Screen(
        joined([*_for_staff(desk, request, words), "", *_standing(desk, request, words)]),
        (*_staff_buttons(desk, request, words), *_files_row(desk, request, words)),
    )


def for_supervisor(desk: Desk, request: Request, words: Words, reader: Person) -> Screen:
    """Returns the supervisor's card: the team's, with the overdue promises and the supervisor's buttons."""
    lines = [*_for_staff(desk, request, words), "", *_standing(desk, request, words)]
    mine = request.claimed_by is not None and request.claimed_by == reader.id
    own = _staff_buttons(desk, request, words) if mine else ()
    if request.state not in UNFINISHED:
        return Screen(joined(lines), own)
    rows = _supervisor_buttons(request, words)
    if mine:
        rows = (*own, *rows[:1])
    late = [_late(desk, request, words, promise, by) for promise, by in promises.overdue(request, desk.now)]
    why = [*late, *reasons.for_supervisor(desk, request, words)]
    head = [*why, ""] if why else _unclaimed(request, words)
    return Screen(joined([*head, *lines, *_seen(desk, request, words)]), rows)


def _unclaimed(request: Request, words: Words) -> list[Markup | str]:
    if request.state != RequestState.OPEN:
        return []
    return [words.html("⏰ <b>Nobody has taken this request yet.</b>"), ""]


def _late(desk: Desk, request: Request, words: Words, promise: Promise, by: datetime) -> Markup:
    """Returns the line on an overdue promise, with the due time and the delay."""
    facts = {
        "time": words.promised(by, desk.zone(request.estate_id), desk.today(request.estate_id)),
        "late": words.span(desk.now - by),
    }
    match promise:
        case Promise.CLAIM:
            return words.html("⏰ <b>Nobody has taken this request yet.</b> Due: %(time)s. Delay: %(late)s.", **facts)
        case Promise.ARRIVE:
            return words.html("⏰ <b>Nobody is on site yet.</b> Due: %(time)s. Delay: %(late)s.", **facts)
        case Promise.DONE:
            return words.html("⏰ <b>This has not been done yet.</b> Due: %(time)s. Delay: %(late)s.", **facts)


def _supervisor_buttons(request: Request, words: Words) -> Rows:
    number = row_id(request)
    return (
        (
            Button(words.text("Take over"), taps.TAKE.data(number)),
            Button(words.context_text("button", "Assign to…"), taps.ASSIGN.data(number)),
        ),
        (
            Button(words.context_text("button", "Remind"), taps.REMIND.data(number)),
            Button(words.context_text("button", "Seen"), taps.ESCALATION_SEEN.data(number)),
        ),
        (Button(words.context_text("button", "Snooze 15 min"), taps.SNOOZE.data(number)),),
    )


def line(desk: Desk, request: Request, words: Words) -> Markup:
    """Returns a request as a line of the owner's list."""
    service = repository.service_of(desk, request)
    return words.html(
        "%(icon)s <b>#%(number)s</b> %(service)s: %(state)s",
        icon=service.icon,
        number=request.id,
        service=words.text(service.name),
        state=state_texts.for_owner(desk, request, words, undo_window.state_told(desk, request)),
    )


def label(desk: Desk, request: Request, words: Words) -> Markup:
    """Returns the label that begins every message to the staff about a request: its number, villa and service."""
    villa = villas.called(words, desk.villa(request.villa_id).name)
    return Markup("<b>#%s · %s · %s</b>") % (
        request.id,
        villa,
        words.text(repository.service_of(desk, request).name),
    )


def for_list(desk: Desk, request: Request, words: Words) -> Markup:
    """Returns a request as a line of a list for the staff."""
    return words.html(
        "%(label)s: %(state)s", label=label(desk, request, words), state=state_texts.in_list(desk, request, words)
    )


def _heading(desk: Desk, request: Request, words: Words) -> Markup:
    service = repository.service_of(desk, request)
    return Markup("%s <b>#%s · %s</b>") % (service.icon, request.id, words.text(service.name))


def _return_line(request: Request, words: Words) -> Markup | None:
    if request.return_of is None:
        return None
    return words.context_html("mark", "↩️ Return of #%(number)s", number=request.return_of)


def _details(desk: Desk, request: Request, words: Words) -> Iterator[Markup]:
    service = repository.service_of(desk, request)
    return answers.lines(words, service, request.answers, repository.attachment_count(desk, request))


def _files_kept(desk: Desk, request: Request, words: Words) -> Iterator[Markup]:
    """Yields the line that tells an owner of many files what becomes of them."""
    if attachments.rest(desk, request):
        yield words.html("My colleagues see the first ones at once, and all the others with one tap.")


def _files_row(desk: Desk, request: Request, words: Words) -> Rows:
    """Returns the row with the files that were not passed on unasked."""
    count = len(attachments.rest(desk, request))
    if not count or request.state not in UNFINISHED:
        return ()
    said = words.plural_text("📎 %(count)s more attachment", "📎 %(count)s more attachments", count)
    return ((Button(said, taps.FILES.data(row_id(request))),),)


def _for_staff(desk: Desk, request: Request, words: Words) -> Iterator[Markup | None]:
    owner = desk.person(request.person_id)
    icon = repository.service_of(desk, request).icon
    yield Markup("%s %s") % (icon, label(desk, request, words))
    if request.urgent:
        yield words.context_html("mark", "🚨 <b>URGENT</b>")
        yield from _danger(desk, request, words)
    yield _return_line(request, words)
    villa = villas.called(words, desk.villa(request.villa_id).name)
    yield Markup("🏡 %s · %s") % (villa, names.address_for_staff(words, owner))
    if owner.language:
        yield words.html("🗣 Language: %(language)s", language=words.speech(owner.language))
    yield Markup("")
    yield from _details(desk, request, words)
    yield from _noted(desk, request, words)
    if repository.service_of(desk, request).paid:
        yield words.context_html("mark", "💳 Paid service")
    yield from _promised(desk, request, words)


def _danger(desk: Desk, request: Request, words: Words) -> Iterator[Markup]:
    """Yields the dangers that the owner told of, and whether they never answered."""
    told = request.answers.get("danger") or {}
    known = desk.catalogue_of(request.estate_id).dangers
    for kind in told.get("kinds", ()):
        if kind in known:
            yield Markup("<b>%s</b>") % words.text(known[kind].name)
    if told.get("unanswered"):
        yield words.html("⚠️ The owner has not answered since. Please go there at once.")


def _noted(desk: Desk, request: Request, words: Words) -> Iterator[Markup]:
    """Yields the latest notes on calls about a return, each cut to a line."""
    if request.return_of is None:
        return
    for event in repository.history(desk, request, EventKind.CALL_NOTED)[-MOST_NOTES:]:
        name = desk.person(required(event.actor_id)).name
        yield words.html("📝 %(name)s: %(text)s", name=name, text=answers.in_short(event.data["text"]))


def _promised(desk: Desk, request: Request, words: Words) -> Iterator[Markup]:
    """Yields the times by which somebody must be on site and be done, as times of day."""
    zone, today = desk.zone(request.estate_id), desk.today(request.estate_id)
    if promises.is_pending(request, Promise.ARRIVE) and request.arrive_by:
        yield words.context_html(
            "promise", "⏱ On site %(by_when)s", by_when=words.by(request.arrive_by, zone, today, tappable=True)
        )
    if promises.is_pending(request, Promise.DONE) and request.done_by:
        yield words.context_html(
            "promise", "⏱ Done %(by_when)s", by_when=words.by(request.done_by, zone, today, tappable=True)
        )


def _standing(desk: Desk, request: Request, words: Words) -> Iterator[Markup]:
    yield _status(desk, request, words)
    if because := reasons.of_closing(desk, request, words):
        yield words.html("📝 Closed by the service centre: “%(because)s”", because=because)
    yield from appointment_texts.under_way(desk, request, words)


def _status(desk: Desk, request: Request, words: Words) -> Markup:
    return Markup("%s <b>%s</b>") % (MARKS[request.state], state_texts.on_card(desk, request, words))


def _holder_row(desk: Desk, request: Request, words: Words) -> Rows:
    """Returns the row that names the holder, where the thumb looks for Claim: the buttons beneath are theirs."""
    if request.state not in HELD:
        return ()
    return ((DisabledButton(words.text("%(name)s has it", name=state_texts.holder(desk, request).name)),),)


def _staff_buttons(desk: Desk, request: Request, words: Words) -> Rows:
    number = row_id(request)
    release = Button(words.context_text("button", "Release"), taps.RELEASE.data(number), Style.DANGER)
    done = Button(words.context_text("button", "✅ Done"), taps.DONE.data(number))
    match request.state:
        case RequestState.OPEN:
            return ((Button(words.context_text("button", "✋ Claim"), taps.CLAIM.data(number), Style.SUCCESS),),)
        case RequestState.CLAIMED:
            on_site = (Button(words.context_text("button", "📍 On site"), taps.ON_SITE.data(number)),)
            return (on_site, (done,), *appointment_texts.staff_rows(desk, request, words), (release,))
        case RequestState.ON_SITE:
            return ((done,), (release,))
        case RequestState.DONE if undo_window.can_be_undone(desk, request):
            return ((Button(words.context_text("button", "↶ Undo"), taps.UNDO.data(number)),),)
        case RequestState.DONE | RequestState.CANCELLED:
            return ()
        case _:
            assert_never(request.state)


def _seen(desk: Desk, request: Request, words: Words) -> Iterator[Markup]:
    zone, today = desk.zone(request.estate_id), desk.today(request.estate_id)
    events = repository.history(desk, request, EventKind.SEEN)
    latest = {event.actor_id: event.at for event in events if event.at >= request.open_since and event.actor_id}
    for person_id, at in latest.items():
        name = desk.person(person_id).name
        yield words.html("👁 Seen by %(name)s, %(time)s", name=name, time=words.stamp(at, zone, today))


def _first_and_last(events: list[Line]) -> list[Line]:
    """Returns the first event and the latest ones: at most MOST_STEPS, so that a long history still fits a message."""
    return events if len(events) <= MOST_STEPS else [events[0], *events[1 - MOST_STEPS :]]


def _steps(desk: Desk, request: Request, words: Words) -> Iterator[Markup]:
    zone, today = desk.zone(request.estate_id), desk.today(request.estate_id)
    for event in _first_and_last(undo_window.history_told(desk, request, *HISTORY)):
        person_id = event.data.get("holder", event.actor_id)
        name = names.of_colleague(words, desk.person(person_id)) if person_id else ""
        time = words.stamp(event.at, zone, today)
        if event.kind in appointment_texts.STEPS:
            yield appointment_texts.step(words, event.kind, name, time)
        else:
            yield _step(words, event.kind, name, time)


def _step(words: Words, kind: EventKind, name: str, time: str) -> Markup:
    match kind:
        case EventKind.SENT:
            return words.context_html("step", "✓ Sent, %(time)s", time=time)
        case EventKind.CLAIMED | EventKind.ASSIGNED:
            return words.context_html("step", "✓ Taken by %(name)s, %(time)s", name=name, time=time)
        case EventKind.RELEASED:
            return words.html("↺ We are arranging a colleague for you, %(time)s", time=time)
        case EventKind.ON_SITE:
            return words.context_html("step", "✓ On site, %(time)s", time=time)
        case EventKind.DONE:
            return words.context_html("step", "✓ Done, %(time)s", time=time)
        case EventKind.CANCELLED:
            return words.context_html("step", "✕ Cancelled, %(time)s", time=time)
        case _:
            raise LookupError(f"{kind} is no step of a request that its owner is told of")
