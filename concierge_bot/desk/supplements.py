"""What an owner adds to a request that came back: passed on at once, beneath the team's card."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import select

from concierge_bot.desk import answers, audiences, cards, requests
from concierge_bot.desk.attachments import send_one_beneath
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.i18n import Words
from concierge_bot.screens import Screen, Shown, cut
from storage.requests import Attachment, Draft, Request, is_unfinished

OPEN_FOR = timedelta(hours=1)


def wanted(desk: Desk, draft: Draft | None) -> Request | None:
    """The returned request for which the owner was just asked to say more, if it still matters."""
    if draft is None or draft.return_of is None or desk.now - draft.started_at > OPEN_FOR:
        return None
    return desk.session.exec(select(Request).where(Request.draft_id == draft.id, is_unfinished())).one_or_none()


def add_words(desk: Desk, caller: Caller, request: Request, text: str) -> Shown:
    """Words of the owner's: on the cards, and beneath the team's."""
    before = request.answers.get(answers.WORDS, {}).get("text")
    request.answers = {**request.answers, answers.WORDS: {"text": f"{before}\n{text}" if before else text}}
    desk.session.add(request)
    requests.record(desk, request, "supplemented", caller.known)
    cards.refresh(desk, request)

    def screen(read: Words) -> Screen:
        said = cut(text, answers.LINE_LIMIT)
        return Screen(read.html("✍️ The owner adds to <b>#%(number)s</b>: %(text)s", number=request.id, text=said))

    audiences.tell_group(desk, request, screen)
    return _passed_on(caller, request)


def add_file(desk: Desk, caller: Caller, request: Request, file: Attachment) -> Shown:
    """A photo, voice message or file of the owner's, beneath the team's card."""
    requests.record(desk, request, "supplemented", caller.known)
    card = cards.of_reader(desk, request, cards.TEAM)
    if card is not None:
        send_one_beneath(desk, request, card, file)
    return _passed_on(caller, request)


def _passed_on(caller: Caller, request: Request) -> Shown:
    return Shown(screen=Screen(caller.words.html("I have passed it on with #%(number)s.", number=request.id)))
