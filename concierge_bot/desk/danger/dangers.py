"""Danger in an owner's messages: they are asked first whether somebody shall come at once.

The message itself is handled as any other, so that nothing is lost whatever they answer. An alert is a draft that is
never in hand: it holds the messages, and becomes a request when they answer "come", or nothing at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from sqlalchemy import bindparam, update
from sqlmodel import col, select

from concierge_bot.catalogue.model import QuestionKind
from concierge_bot.desk.cards import notifying
from concierge_bot.desk.context import Caller, Desk, words_of
from concierge_bot.desk.danger import urgent_drafts
from concierge_bot.desk.fulfilment import cancelling, placing
from concierge_bot.desk.menus import menus
from concierge_bot.desk.ordering import addressing, at_hand, choosing, danger_texts, questions, supplements
from concierge_bot.desk.people import refusals, rights
from concierge_bot.desk.queues import outbox
from concierge_bot.desk.queues.policies import ALWAYS
from concierge_bot.desk.queues.timers import TimerKind, set_timer
from concierge_bot.desk.requests import answers, drafts, repository
from concierge_bot.desk.requests.answers import DANGER, WORDS, Answer
from concierge_bot.desk.requests.drafts import ALERT_RUNS_FOR, ALERT_STEP, File
from concierge_bot.i18n import languages, words
from concierge_bot.language.typed import comparable
from concierge_bot.screens import NOTHING, AnyButton, Button, Reply, Screen, button_of
from storage.engine.statements import run
from storage.tables.columns import UtcDateTime
from storage.tables.people import Person
from storage.tables.queues import Timer, Urgency
from storage.tables.requests import UNFINISHED, Attachment, Draft, EventKind, Request
from storage.tables.rows import row_id

LATEST = (
    select(Draft)
    .where(
        Draft.person_id == bindparam("person_id"),
        Draft.step == ALERT_STEP,
        col(Draft.started_at) > bindparam("since", type_=UtcDateTime),
    )
    .order_by(col(Draft.id).desc())
    .limit(1)
)


@dataclass(frozen=True)
class Said:
    """The content of an owner's message, new or edited: words, or a file with its caption."""

    text: str
    file: File | None = None


def heed(desk: Desk, caller: Caller, said: Said, ordinary: Callable[[], Reply]) -> Reply:
    """Searches an owner's message for danger; `ordinary` handles it otherwise."""
    danger = desk.catalogue_of(caller.person.estate_id).danger if caller.person is not None else None
    if danger is None or not rights.is_owner(caller):
        return ordinary()
    kinds = danger.finder.kinds(said.text)
    if kinds == ["help"] and _answers_a_choice(desk, caller, said.text):
        return ordinary()  # "please come at once", said when that was asked, is urgent without a further question
    alert = _latest(desk, caller)
    if alert is not None and (shown := _about_latest(desk, caller, alert, said, kinds)) is not None:
        return shown
    is_pending = alert is not None and alert.closed_at is None
    if not is_pending and (not kinds or _is_known(desk, caller, kinds)):
        return ordinary()
    before, urgent = _in_hand(desk, caller), _urgent_in_hand(desk, caller, kinds)
    if not is_pending and urgent is None and (running := _running(desk, caller, kinds)) is not None:
        return _add(desk, caller, running, said)
    shown = ordinary()
    if not is_pending and urgent is not None and questions.may_be_sent_at_once(desk, urgent):
        return shown if _can_wait_was_said(desk, alert) else _send(desk, caller, urgent, kinds)
    kept = _keep(desk, caller, alert if is_pending else None, said, kinds, before=before, shown=shown)
    if not _continues_album(kept, said):
        _ask(desk, caller, kept)
    return NOTHING


def come(desk: Desk, caller: Caller, alert_id: int) -> Reply:
    """Places the urgent request, once, and rings the people on duty."""
    person = rights.require_owner(caller)
    alert = _mine(desk, caller, alert_id)
    if alert is None:
        return _gone(desk, caller)
    drafts.close(desk, alert)  # first, so that a timer which fires just now either was before us or finds it closed
    request = _request_of(desk, alert)
    if request is None:
        _give_back(desk, caller, alert)
        request = _place(desk, person, alert, is_unanswered=False)
    screen = danger_texts.on_the_way(desk, person, caller.words, alert.answers[DANGER]["kinds"], row_id(request))
    return Reply(screen=screen, in_place=caller.sender.is_tap)


def can_wait(desk: Desk, caller: Caller, alert_id: int) -> Reply:
    """Lets the owner go on where they were; where somebody was sent already, asks whether to cancel that."""
    rights.require_owner(caller)
    alert = _mine(desk, caller, alert_id)
    if alert is None:
        return _gone(desk, caller)
    drafts.close(desk, alert)
    request = _request_of(desk, alert)
    if request is not None:
        return cancelling.ask(desk, caller, row_id(request))
    return Reply(screen=_where_they_were(desk, caller, alert), in_place=caller.sender.is_tap)


def fire(desk: Desk, timer: Timer) -> None:
    """Sends somebody to an owner who has not answered, and tells the supervisors."""
    alert = desk.session.get(Draft, timer.subject_id)
    if alert is not None and alert.step != ALERT_STEP:
        urgent_drafts.fire(desk, alert, timer.due_at)
        return
    if alert is None or not drafts.close(desk, alert):
        return
    owner = desk.person(alert.person_id)
    request = _place(desk, owner, alert, is_unanswered=True)
    notifying.alert_supervisors(desk, request)
    if owner.telegram_id is not None:
        screen = danger_texts.unanswered(words_of(desk, owner), row_id(request))
        outbox.say(desk, owner.telegram_id, screen, Urgency.ALARM, policy=ALWAYS, subject=request.subject)


def _latest(desk: Desk, caller: Caller) -> Draft | None:
    found = run(desk.session, LATEST, person_id=caller.require_person().id, since=desk.now - ALERT_RUNS_FOR).scalars()
    return next(iter(found), None)


def _about_latest(desk: Desk, caller: Caller, alert: Draft, said: Said, kinds: list[str]) -> Reply | None:
    """Takes a message as the answer to the question, or as a supplement to the request of the alert.

    Returns None where it is neither.
    """
    if alert.closed_at is None:
        return _typed_answer(desk, caller, alert, said)
    request = _request_of(desk, alert)
    if request is None or request.state not in UNFINISHED or addressing.about(desk, caller) is not None:
        return None
    if said.text and said.text in alert.answers[DANGER]["said"].values():
        return None
    if set(kinds) - set(alert.answers[DANGER]["kinds"]) - {"help"}:
        return None
    if not kinds and drafts.current(desk, caller) is not None:
        return None
    return _add(desk, caller, request, said) if said.file is not None or said.text.strip() else None


def _add(desk: Desk, caller: Caller, request: Request, said: Said) -> Reply:
    if said.file is not None:
        return supplements.add_file(desk, caller, request, said.file)
    return supplements.add_words(desk, caller, request, said.text)


def _is_known(desk: Desk, caller: Caller, kinds: list[str]) -> bool:
    """Tells whether a message reaches, by itself, an urgent request that covers this danger already."""
    message = caller.sender.message_id or 0
    request = addressing.about(desk, caller) or supplements.wanted(desk, drafts.current(desk, caller))
    if request is None:  # an edit, perhaps
        unfinished = repository.open_to(desk, caller.require_person())
        request = next((found for found in unfinished if answers.key_of(found.answers, message)), None)
    return request is not None and _covers(desk, request, kinds)


def _running(desk: Desk, caller: Caller, kinds: list[str]) -> Request | None:
    """Returns the urgent request of a short time ago that covers this danger; None where there is none."""
    if addressing.about(desk, caller) is not None:
        return None
    unfinished = reversed(repository.open_to(desk, caller.require_person()))
    recent = (request for request in unfinished if desk.now - request.created_at <= ALERT_RUNS_FOR)
    return next((request for request in recent if _covers(desk, request, kinds)), None)


def _covers(desk: Desk, request: Request, kinds: list[str]) -> bool:
    """Tells whether an urgent, unfinished request covers all these dangers; a call for help is covered by any."""
    if not request.urgent or request.state not in UNFINISHED:
        return False
    told = answers.dangers(repository.service_of(desk, request), request.answers)
    return bool(told) and not set(kinds) - {*told, "help"}


def _urgent_in_hand(desk: Desk, caller: Caller, kinds: list[str]) -> Draft | None:
    """Returns the draft in hand, if it can be sent as urgent for a service of these dangers; else None."""
    draft = drafts.current(desk, caller)
    if (
        draft is None
        or draft.service not in drafts.catalogue_of(desk, draft).services
        or addressing.about(desk, caller) is not None
    ):
        return None
    known = drafts.catalogue_of(desk, draft).dangers
    are_theirs = all(known[kind].service == draft.service for kind in kinds if kind != "help")
    return draft if are_theirs and questions.may_be_sent_at_once(desk, draft) else None


def _can_wait_was_said(desk: Desk, alert: Draft | None) -> bool:
    """Tells whether the owner has just declined that somebody comes: then they send the draft themselves."""
    return alert is not None and _request_of(desk, alert) is None


def _send(desk: Desk, caller: Caller, draft: Draft, kinds: list[str]) -> Reply:
    """Sends an urgent draft in which danger is told of as well: an owner who taps Gas and writes gas is not asked."""
    owner = rights.require_owner(caller)
    drafts.close(desk, draft)
    request = urgent_drafts.send(desk, owner, draft, kinds, is_unanswered=False)
    dangers = answers.dangers(repository.service_of(desk, request), request.answers)
    screen = danger_texts.on_the_way(desk, owner, caller.words, dangers, row_id(request))
    outbox.say(desk, caller.sender.chat_id, screen, Urgency.ALARM, policy=ALWAYS, subject=request.subject)
    return NOTHING


def _answers_a_choice(desk: Desk, caller: Caller, text: str) -> bool:
    draft = drafts.current(desk, caller)
    question = drafts.question_of(desk, draft) if draft is not None else None
    return (
        question is not None
        and question.kind is QuestionKind.CHOICE
        and choosing.written(desk.catalogue_of(caller.require_person().estate_id), question, text) is not None
    )


def _typed_answer(desk: Desk, caller: Caller, alert: Draft, said: Said) -> Reply | None:
    """Handles a typed label of one of the two buttons, in whatever language; None for any other text."""
    typed = comparable(said.text) if said.file is None else ""
    say = [words(language) for language in languages()]
    if typed in {comparable(read.text("🚨 Come at once")) for read in say} | {"yes", "come", "是", "好", "来"}:
        return come(desk, caller, row_id(alert))
    if typed in {comparable(read.context_text("button", "Not urgent")) for read in say}:
        return can_wait(desk, caller, row_id(alert))
    return None


def _in_hand(desk: Desk, caller: Caller) -> dict[str, Any] | None:
    draft = drafts.current(desk, caller)
    if draft is None:
        return None
    return {"id": draft.id, "service": draft.service, "step": draft.step, "answers": dict(draft.answers)}


def _keep(
    desk: Desk,
    caller: Caller,
    alert: Draft | None,
    said: Said,
    kinds: list[str],
    *,
    before: dict[str, Any] | None,
    shown: Reply,
) -> Draft:
    """Adds a message to the alert, or opens one."""
    if alert is None:
        alert = Draft(person_id=row_id(caller.require_person()), step=ALERT_STEP, started_at=desk.now)
        alert.answers = {DANGER: {"kinds": [], "said": {}, "files": [], "album": None, "before": before, "shown": None}}
    kept = alert.answers[DANGER]
    message = caller.sender.message_id or 0
    album = said.file.media_group_id if said.file else None
    screen = shown.screen
    alert.answers = {
        DANGER: {
            **kept,
            "kinds": [*kept["kinds"], *(kind for kind in kinds if kind not in kept["kinds"])],
            "said": {**kept["said"], str(message): said.text} if said.text.strip() else kept["said"],
            "files": [*kept["files"], message] if said.file else kept["files"],
            "album": album,
            "continues": album is not None and album == kept["album"],
            "after": _in_hand(desk, caller),
            "shown": _written_down(screen) if screen is not None else kept["shown"],
        }
    }
    desk.session.add(alert)
    desk.session.flush()
    return alert


def _continues_album(alert: Draft, said: Said) -> bool:
    return said.file is not None and bool(alert.answers[DANGER]["continues"])


def _ask(desk: Desk, caller: Caller, alert: Draft) -> None:
    """Asks the owner, and sets the timer for no answer."""
    danger = drafts.catalogue_of(desk, alert).danger
    if danger is None:
        return
    due_at = alert.started_at + danger.answer_within
    kinds = alert.answers[DANGER]["kinds"]
    screen = danger_texts.question(desk, caller.require_person(), caller.words, kinds, row_id(alert), due_at)
    outbox.say(desk, caller.sender.chat_id, screen, Urgency.ALARM, policy=ALWAYS)
    set_timer(desk, TimerKind.DANGER, row_id(alert), due_at, Urgency.ALARM, key="unanswered")


def _place(desk: Desk, owner: Person, alert: Draft, *, is_unanswered: bool) -> Request:
    """Places the request for the service of the danger, with all messages and files of the alert."""
    told = alert.answers[DANGER]
    catalogue = desk.catalogue_of(owner.estate_id)
    kinds = catalogue.dangers
    kind = next(kinds[key] for key in [*told["kinds"], *kinds] if key in kinds)
    said: Answer = {"text": "\n".join(told["said"].values())}
    asked = catalogue.services[kind.service].questions
    place = next((question.key for question in asked if question.kind is QuestionKind.TEXT), WORDS)
    answers: dict[str, Answer] = {key: {"choice": choice} for key, choice in kind.answers.items()}
    answers |= {place: said, DANGER: {"kinds": told["kinds"], "unanswered": is_unanswered}}
    _take_files(desk, alert, told)
    alert.service = kind.service
    desk.session.add(alert)
    desk.session.flush()
    request = placing.place(desk, owner, kind.service, answers, draft_id=alert.id)
    repository.record(desk, request, EventKind.DANGER, owner, {"kinds": told["kinds"], "unanswered": is_unanswered})
    return request


def _take_files(desk: Desk, alert: Draft, told: dict[str, Any]) -> None:
    """Moves the files of an alert to its request; those that went to another request are copied."""
    theirs = select(Draft.id).where(Draft.person_id == alert.person_id)
    sent = select(Attachment).where(
        col(Attachment.draft_id).in_(theirs), col(Attachment.message_id).in_(told["files"] or [0])
    )
    in_hand = (told.get("after") or {}).get("id")
    for file in desk.session.exec(sent).all():
        if file.draft_id == in_hand:
            desk.session.exec(update(Attachment).where(col(Attachment.id) == file.id).values(draft_id=alert.id))
        else:
            desk.session.add(Attachment(**file.model_dump(exclude={"id", "draft_id"}), draft_id=row_id(alert)))
    desk.cache.pop("attachments", None)
    desk.cache.pop(("files", alert.id), None)
    desk.cache.pop(("files", in_hand), None)


def _give_back(desk: Desk, caller: Caller, alert: Draft) -> None:
    """Takes the words of danger out of the draft in hand, unless the owner has gone on with it since."""
    told = alert.answers[DANGER]
    before, after = told["before"], told["after"]
    draft = drafts.current(desk, caller)
    if draft is None or after is None or _in_hand(desk, caller) != after:
        return
    if before is None or before["id"] != after["id"]:
        draft.closed_at = desk.now
    else:
        draft.service, draft.step, draft.answers = before["service"], before["step"], before["answers"]
    desk.session.add(draft)
    desk.session.flush()


def _where_they_were(desk: Desk, caller: Caller, alert: Draft) -> Screen:
    found = at_hand.present(desk, caller)
    if found is not None:
        return found
    shown = alert.answers[DANGER]["shown"]
    return _read_back(shown) if shown is not None else menus.home(desk, caller)


def _written_down(screen: Screen) -> dict[str, Any]:
    return {"text": str(screen.text), "rows": [[button.wire() for button in row] for row in screen.rows]}


def _read_back(shown: dict[str, Any]) -> Screen:
    rows = tuple(tuple(map(_button, row)) for row in shown["rows"])
    return Screen(Markup(shown["text"]), rows)  # noqa: S704 - a screen of ours, written down as it was


def _button(kept: dict[str, Any] | list[str]) -> AnyButton:
    """Returns a button of a stored screen; older versions stored a label and callback data."""
    return Button(kept[0], kept[1]) if isinstance(kept, list) else button_of(kept)


def _mine(desk: Desk, caller: Caller, alert_id: int) -> Draft | None:
    """Returns the caller's alert; None, and a recorded refusal, for another's."""
    alert = desk.session.get(Draft, alert_id)
    if alert is not None and alert.person_id != caller.require_person().id:
        refusals.note(desk, caller)
        return None
    return alert if alert is not None and DANGER in alert.answers else None


def _gone(desk: Desk, caller: Caller) -> Reply:
    hint = caller.words.html("That page is no longer current. How may we be of service?")
    return Reply(screen=menus.main(desk, caller, hint=hint), in_place=True)


def _request_of(desk: Desk, alert: Draft) -> Request | None:
    return desk.session.exec(select(Request).where(Request.draft_id == alert.id)).one_or_none()
