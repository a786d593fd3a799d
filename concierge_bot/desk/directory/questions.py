"""Questions to superiors for the right fact of an owner, and their answers.

A question is the message that asks it: a row of the outbox, whose reader says what it is about until it is settled.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from markupsafe import Markup
from sqlalchemy import update
from sqlmodel import col, select

from concierge_bot.address import fitting, titles
from concierge_bot.desk.context import Caller, Desk, Sender, words_of
from concierge_bot.desk.departures import people_lists
from concierge_bot.desk.directory import corrections, directory_rights, facts, owner_pages, taps
from concierge_bot.desk.directory.corrections import Changed, SeveralVillasError
from concierge_bot.desk.directory.facts import OF_COLLEAGUES, Fact
from concierge_bot.desk.menus import menus
from concierge_bot.desk.people import names, notification_policy, rights, staff, villas
from concierge_bot.desk.people.refusals import no_such_button
from concierge_bot.desk.queues import outbox
from concierge_bot.desk.queues.policies import ALWAYS
from concierge_bot.desk.requests import drafts
from concierge_bot.i18n import Words, language_of, languages
from concierge_bot.i18n import words as words_in
from concierge_bot.screens import NOTHING, Button, Reply, Rows, Screen, rows_of
from storage.tables.announcements import Announcement, AnnouncementState
from storage.tables.people import Person
from storage.tables.queues import OutboxMessage, Urgency
from storage.tables.roles import RoleWay
from storage.tables.rows import row_id
from storage.tables.subjects import Subject

PERSON = "person"
"""The kind of subject of a question."""
ASKED, SETTLED = "correct", "corrected"
"""The reader of a question, with the fact behind it; and of one that is settled."""
TOLD = "correction"
VALID = timedelta(minutes=30)
"""The age at which a question expires: later words of whoever was asked are taken for something else."""
LISTED = 20
"""The most villas that an answer names."""


def ask(desk: Desk, caller: Caller, person_id: int, named: str) -> Reply:
    """Asks a superior for the right fact of an owner. Their earlier questions are settled."""
    fact = _fact(caller, named)
    _, owner = directory_rights.require_corrector_of(desk, caller, person_id, fact)
    _settle(desk, caller)
    outbox.say(
        desk,
        caller.sender.chat_id,
        _question(caller.words, owner, fact),
        Urgency.OWNER,
        policy=ALWAYS,
        reader=f"{ASKED}:{fact}",
        subject=Subject(PERSON, person_id),
    )
    return NOTHING


def choose(desk: Desk, caller: Caller, person_id: int, named: str, chosen: str) -> Reply:
    """Takes a tap for the answer to a question."""
    fact = _fact(caller, named)
    _, owner = directory_rights.require_corrector_of(desk, caller, person_id, fact)
    found = _chosen(fact, chosen)
    if found is None:
        raise no_such_button(caller)
    _settle(desk, caller)
    return Reply(screen=_correct(desk, caller, owner, fact, found), in_place=True)


def leave(desk: Desk, caller: Caller, person_id: int, named: str) -> Reply:
    """Leaves a fact as it is."""
    _, owner = directory_rights.require_corrector_of(desk, caller, person_id, _fact(caller, named))
    _settle(desk, caller)
    said = caller.words.html("Nothing has been changed.")
    return Reply(screen=_page(desk, caller, owner, said), in_place=True)


def cancel(desk: Desk, caller: Caller) -> Reply | None:
    """Handles /cancel: leaves what is asked for as it is. Returns None where nothing is."""
    asked = _asked(desk, caller)
    if asked is None or asked.subject_id is None:
        return None
    _, owner = directory_rights.require_corrector_of(desk, caller, asked.subject_id, _asked_for(asked))
    _settle(desk, caller)
    said = caller.words.html("Nothing has been changed.")
    return Reply(screen=_page(desk, caller, owner, said))


def hear(desk: Desk, caller: Caller, text: str) -> Reply | None:
    """Takes a superior's words for the answer to a question. Returns None where none is open.

    One that cannot be right is asked for again; danger that an owner tells of is none.
    """
    asked = _asked(desk, caller)
    if asked is None or asked.subject_id is None or _tells_of_danger(desk, caller, text):
        return None
    fact = _asked_for(asked)
    _, owner = directory_rights.require_corrector_of(desk, caller, asked.subject_id, fact)
    found = facts.read(fact, text)
    if found is not None and fact is Fact.VILLA and not _is_known(desk, owner, found[fact]):
        found = None
    if found is None:
        back = ((_cancel_button(caller.words, owner, fact),),)
        return Reply(screen=Screen(_wrong(desk, caller.words, owner, fact), back))
    _settle(desk, caller)
    return Reply(screen=_correct(desk, caller, owner, fact, found))


def _correct(desk: Desk, caller: Caller, owner: Person, fact: Fact, found: dict[str, Any]) -> Screen:
    """Corrects a fact, tells those concerned, and returns the owner's page."""
    superior, words = caller.require_person(), caller.words
    try:
        changed = _write(desk, superior, owner, fact, found)
    except SeveralVillasError:
        said = words.html("They have several villas, or none. Please end the wrong one on their page of roles.")
        return _page(desk, caller, owner, said)
    if not changed:
        said = words.html("Nothing has been changed: it was already recorded this way.")
        return _page(desk, caller, owner, said)
    for one in staff.supervisors(desk, owner.estate_id):
        if fact in OF_COLLEAGUES:  # which only owners read
            break
        if one.reachable and one.id != superior.id and one.telegram_id is not None:
            _say(desk, one, one.telegram_id, Screen(_told(desk, words_of(desk, one), superior, owner, fact)))
    if fact is Fact.LANGUAGE:
        _greet_anew(desk, owner)
    return _page(desk, caller, owner, words.context_html("done just now", "✅ Corrected."))


def _page(desk: Desk, caller: Caller, person: Person, said: Markup) -> Screen:
    """Returns the page from which a fact was corrected."""
    if person.villa_id is None:
        return people_lists.page(desk, caller, person, said, Markup())
    return owner_pages.page(desk, caller.words, person, said, Markup())


def _write(desk: Desk, superior: Person, owner: Person, fact: Fact, found: dict[str, Any]) -> list[Changed]:
    if fact is not Fact.VILLA:
        return corrections.correct(desk, owner, found)
    moved = corrections.move(desk, owner, found[fact], by=superior, how=RoleWay.COMMAND)
    return [moved] if moved is not None else []


def _greet_anew(desk: Desk, owner: Person) -> None:
    """Shows an owner their menu in the language that they have now."""
    if owner.telegram_id is None or not owner.reachable:
        return
    sender = Sender(telegram_id=owner.telegram_id, chat_id=owner.telegram_id)
    _say(desk, owner, owner.telegram_id, menus.home(desk, Caller(sender, owner, words_of(desk, owner))))


def _say(desk: Desk, person: Person, account: int, screen: Screen) -> None:
    policy = notification_policy.of_estate(desk, person.estate_id)
    outbox.say(desk, account, screen, Urgency.ROUTINE, policy=policy, reader=TOLD)


def _told(desk: Desk, words: Words, superior: Person, owner: Person, fact: Fact) -> Markup:
    """Returns what the other supervisors are told."""
    return words.html(
        "✏️ %(by)s has corrected the record of %(address)s, %(villa)s: %(fact)s.",
        by=superior.name,
        address=names.address_for_staff(words, owner),
        villa=villas.called(words, desk.villa(owner.villa_id).name) if owner.villa_id is not None else "",
        fact=owner_pages.label(words, fact),
    )


def _asked_for(asked: OutboxMessage) -> Fact:
    return Fact(asked.reader.partition(":")[2])


def _fact(caller: Caller, named: str) -> Fact:
    if named not in set(Fact):
        raise no_such_button(caller)
    return Fact(named)


def _chosen(fact: Fact, chosen: str) -> dict[str, Any] | None:
    """Returns the columns that a button stands for; None for one that is not ours."""
    if fact is Fact.TITLE and (title := titles.of_code(chosen)) is not None:
        return dict(title.facts)
    if fact is Fact.LANGUAGE and (language := language_of(chosen)) is not None:
        return {fact.value: language}
    return {fact.value: chosen} if fact is Fact.DISPLAY_ROLE and chosen in fitting.ROLES else None


def _question(words: Words, owner: Person, fact: Fact) -> Screen:
    asked = {
        Fact.SURNAME: words.html("✏️ <b>%(name)s</b>: what is the correct surname?", name=owner.name),
        Fact.GIVEN_NAME: words.html("✏️ <b>%(name)s</b>: what is the correct given name?", name=owner.name),
        Fact.TITLE: words.html("✏️ <b>%(name)s</b>: how should we address this owner?", name=owner.name),
        Fact.LANGUAGE: words.html("✏️ <b>%(name)s</b>: which language does this owner speak?", name=owner.name),
        Fact.BIRTHDAY: words.html(
            "✏️ <b>%(name)s</b>: when is the birthday? Please write it like this, month then day: 02-28",
            name=owner.name,
        ),
        Fact.VILLA: words.html("✏️ <b>%(name)s</b>: which is the correct villa?", name=owner.name),
        Fact.LATIN: words.html("✏️ <b>%(name)s</b>: how is the surname spelled in Latin letters?", name=owner.name),
        Fact.DISPLAY_NAME: words.html(
            "✏️ <b>%(name)s</b>: by which name should the owners know this colleague? For example: Anna Weber",
            name=owner.name,
        ),
        Fact.DISPLAY_ROLE: words.html("✏️ <b>%(name)s</b>: what is this colleague to the owners?", name=owner.name),
    }[fact]
    return Screen(asked, (*_choice_rows(words, owner, fact), (_cancel_button(words, owner, fact),)))


def _choice_rows(words: Words, owner: Person, fact: Fact) -> Rows:
    if fact is Fact.TITLE:
        labels = {code: titles.label(words.language, code) for code in _titles(owner, words)}
        return rows_of((_choice(owner, fact, label, chosen) for chosen, label in labels.items()), 3)
    if fact is Fact.DISPLAY_ROLE:
        roles = {role: fitting.colleague(words.language, "", role) for role in fitting.ROLES}
        return rows_of((_choice(owner, fact, label, role) for role, label in roles.items()), 2)
    labels = {language: words_in(language).name for language in languages()} if fact is Fact.LANGUAGE else {}
    return rows_of((_choice(owner, fact, label, chosen) for chosen, label in labels.items()), 2)


def _titles(owner: Person, words: Words) -> list[str]:
    """Returns the titles that the owner's language offers, or the superior's where that one cannot tell them apart."""
    own = list(titles.offered(owner.language or words.language))
    labels = {titles.label(words.language, code) for code in own}
    return own if len(labels) == len(own) else list(titles.offered(words.language))


def _choice(owner: Person, fact: Fact, label: str, chosen: str) -> Button:
    return Button(label, taps.CORRECT_TO.data(row_id(owner), fact, chosen))


def _cancel_button(words: Words, owner: Person, fact: Fact) -> Button:
    return Button(words.context_text("button", "Cancel"), taps.CORRECT_NOT.data(row_id(owner), fact))


def _wrong(desk: Desk, words: Words, owner: Person, fact: Fact) -> Markup:
    if fact is Fact.VILLA:
        known = sorted(found[0].name for found in villas.by_key(desk, owner.estate_id).values())
        listed = words.listed(known[:LISTED], more=len(known) > LISTED)
        return words.html("There is no villa of that name here. Please send one of these: %(villas)s", villas=listed)
    if fact is Fact.BIRTHDAY:
        return words.html("I could not read that as a date. Please write it like this, month then day: 02-28")
    if fact is Fact.LATIN:
        return words.html("I could read no name in Latin letters there. Please send it again, for example: Wang")
    if fact in (Fact.TITLE, Fact.LANGUAGE, Fact.DISPLAY_ROLE):
        return words.html("I did not recognise that. Please tap one of the buttons above.")
    return words.html(
        "A name may have up to %(most)s characters, on one line. Please send it again.", most=facts.LONGEST
    )


def _is_known(desk: Desk, owner: Person, villa: str) -> bool:
    return villas.of_name(desk, owner.estate_id, villa) is not None


def _tells_of_danger(desk: Desk, caller: Caller, text: str) -> bool:
    danger = desk.catalogue_of(caller.require_person().estate_id).danger
    return danger is not None and rights.is_owner(caller) and bool(danger.finder.kinds(text))


def _asked(desk: Desk, caller: Caller) -> OutboxMessage | None:
    """Returns the question that the caller's next words answer; None once they began something else."""
    if not caller.sender.private or not rights.is_superior(caller.person):
        return None
    asked = desk.session.exec(
        select(OutboxMessage)
        .where(
            OutboxMessage.chat_id == caller.sender.chat_id,
            col(OutboxMessage.reader).startswith(f"{ASKED}:"),
            col(OutboxMessage.created_at) > desk.now - VALID,
        )
        .order_by(col(OutboxMessage.id).desc())
        .limit(1)
    ).first()
    return None if asked is None or _has_begun_more(desk, caller, asked) else asked


def _has_begun_more(desk: Desk, caller: Caller, asked: OutboxMessage) -> bool:
    """Tells whether somebody has begun an announcement or a request since they were asked."""
    draft = drafts.current(desk, caller)
    if draft is not None and draft.started_at > asked.created_at:
        return True
    begun = select(Announcement.id).where(
        Announcement.author_id == caller.require_person().id,
        Announcement.state == AnnouncementState.DRAFT,
        col(Announcement.created_at) > asked.created_at,
    )
    return desk.session.exec(begun.limit(1)).first() is not None


def _settle(desk: Desk, caller: Caller) -> None:
    """Settles the questions of a chat."""
    desk.session.exec(
        update(OutboxMessage)
        .where(col(OutboxMessage.chat_id) == caller.sender.chat_id, col(OutboxMessage.reader).startswith(f"{ASKED}:"))
        .values(reader=SETTLED)
        .execution_options(synchronize_session=False)
    )
