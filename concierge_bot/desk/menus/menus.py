"""The screens of the owner's menu, the list of requests, the profile, and their questions."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date

from markupsafe import Markup

from concierge_bot.address import titles
from concierge_bot.address.scripts import has_latin
from concierge_bot.desk.cards import card_texts
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.menus import owner_cards, taps
from concierge_bot.desk.people import birthdays, names, refusals, rights, staff, villas
from concierge_bot.desk.people.refusals import no_such_button
from concierge_bot.desk.requests import repository, saved_drafts
from concierge_bot.desk.roles import accounts, register
from concierge_bot.i18n import Words, languages, nearest, words
from concierge_bot.screens import Button, Reply, Rows, Screen, joined, rows_of
from concierge_bot.taps import Action
from storage.tables.roles import RoleKind

LIST_LENGTH = 10
LETTERS_OF_A_THIRD = 10
"""The letters of a button of which three stand in a row, on a narrow phone."""
MAIN, MORE, REQUESTS, PROFILE = "main", "more", "requests", "profile"


def stranger(words: Words) -> Screen:
    """Returns the screen for somebody without an invitation."""
    return Screen(refusals.to_a_stranger(words))


def home(desk: Desk, caller: Caller, *, hint: Markup | None = None) -> Screen:
    """Returns a person's first screen: the owner's menu, or a word for the staff."""
    person = caller.person
    if person is None:
        return stranger(caller.words)
    if person.villa_id is not None:
        return main(desk, caller, hint=hint)
    return for_staff(desk, caller)


def instead(desk: Desk, caller: Caller) -> Screen:
    """Returns the screen for somebody who is no owner and asks for what is an owner's.

    Raises RefusedError for a stranger.
    """
    rights.require_known(caller)
    return home(desk, caller)


def for_staff(desk: Desk, caller: Caller) -> Screen:
    """Returns the screen for people of the staff who write to the bot in private."""
    words = caller.words
    lines, person = [birthdays.greeting(desk, caller)], caller.require_person()
    if person.manages:
        lines.append(
            words.html("Your role here: property manager. Whatever the supervisors cannot settle will reach you here.")
        )
    if person.supervises:
        lines.append(
            words.html("Your role here: supervisor. Whatever is late or needs your decision will reach you here.")
        )
    if not rights.is_superior(person):
        expected = _expected_on(desk, caller)
        lines.append(
            expected
            or words.html("Requests appear in the staff chat; anything meant only for you will reach you here.")
        )
    return Screen(joined(lines), _place(desk, caller))


def _expected_on(desk: Desk, caller: Caller) -> Markup | None:
    """Returns a word for somebody who was invited to a team and is not in its group yet; None for anybody else."""
    person, words = caller.require_person(), caller.words
    if staff.is_staff(desk, person):
        return None
    teams = [role.team for role in register.standing(desk, person) if role.kind is RoleKind.BUTLER]
    if not teams or teams[0] not in desk.catalogue_of(person.estate_id).teams:
        return None
    return words.html(
        "The %(team)s team is expecting you. As soon as a supervisor has added you to the team's group, you can begin.",
        team=words.text(desk.catalogue_of(person.estate_id).teams[teams[0]]),
    )


def _place(desk: Desk, caller: Caller) -> Rows:
    """Returns the button that names the present place of somebody with several, and leads to the others."""
    person = caller.require_person()
    if not person.further_villas and not accounts.has_several(desk, caller.sender.telegram_id):
        return ()
    label = f"🏡 {desk.estate(person.estate_id).name}"
    if person.villa_id is not None:
        label = f"🏡 {villas.called(caller.words, desk.villa(person.villa_id).name)}"
    return ((Button(label, taps.PLACES.data()),),)


def main(desk: Desk, caller: Caller, *, hint: Markup | None = None) -> Screen:
    """Returns the owner's menu: greeting, drafts, and services."""
    words = caller.words
    services = _services(desk, caller, more=False)
    further = (
        (Button(words.context_text("button", "More services…"), taps.MENU.data(MORE)),),
        (
            Button(words.context_text("button", "📋 My requests"), taps.MENU.data(REQUESTS)),
            Button(words.context_text("button", "👤 My profile"), taps.MENU.data(PROFILE)),
        ),
    )
    text = joined([birthdays.greeting(desk, caller), hint or words.html("How may we be of service?")])
    return Screen(text, saved_drafts.rows(desk, caller) + services + further + _place(desk, caller))


def more(desk: Desk, caller: Caller) -> Screen:
    """Returns the screen of the services that are asked for less often."""
    words = caller.words
    back = (Button(words.context_text("button", "‹ Back"), taps.MENU.data(MAIN)),)
    return Screen(words.html("What else may we do for you?"), (*_services(desk, caller, more=True), back))


def turn_to(desk: Desk, caller: Caller, page: str) -> Reply:
    """Shows a page of the menu."""
    rights.require_owner(caller)
    pages = {MAIN: main, MORE: more, REQUESTS: my_requests, PROFILE: profile}
    if page not in pages:
        raise no_such_button(caller)
    return Reply(screen=pages[page](desk, caller), in_place=True)


def list_requests(desk: Desk, caller: Caller) -> Reply:
    """Handles /requests: lists the owner's requests."""
    return Reply(screen=my_requests(desk, caller) if rights.is_owner(caller) else instead(desk, caller))


def show_profile(desk: Desk, caller: Caller) -> Reply:
    """Handles /profile: shows the owner's profile."""
    return Reply(screen=profile(desk, caller) if rights.is_owner(caller) else instead(desk, caller))


def ask_language(desk: Desk, caller: Caller) -> Reply:
    """Handles /language: asks for the language."""
    return Reply(screen=choose_language(caller, 1) if caller.person else instead(desk, caller))


def my_requests(desk: Desk, caller: Caller) -> Screen:
    """Returns the screen of the owner's latest requests, with their states."""
    words = caller.words
    back = (Button(words.context_text("button", "‹ Menu"), taps.MENU.data(MAIN)),)
    found = repository.of_owner(desk, caller.require_person(), LIST_LENGTH)
    if not found:
        return Screen(words.html("You have no requests yet. We are at your service."), (back,))
    lines = [card_texts.line(desk, request, words) for request in found]
    return Screen(
        joined([words.html("<b>Your latest requests</b>"), "", *lines]),
        (*owner_cards.buttons(desk, words, found), back),
    )


def profile(_desk: Desk, caller: Caller) -> Screen:
    """Returns the screen of an owner's profile, with buttons to change it."""
    words, person = caller.words, caller.require_person()
    birthday = words.context_text("value", "not given")
    if person.birth_month and person.birth_day:
        birthday = birthday_text(words, person.birth_month, person.birth_day)
    text = joined(
        [
            words.context_html("heading", "<b>Your profile</b>"),
            words.html("Form of address: %(address)s", address=names.address(words, person)),
            words.html("In Latin letters: %(name)s", name=person.latin) if person.latin else None,
            words.html("Language: %(language)s", language=words.name),
            words.html("Birthday: %(birthday)s", birthday=birthday),
        ]
    )
    spelling = Button(words.context_text("button", "Change the Latin spelling"), taps.PROFILE.data("latin"))
    buttons = (
        (Button(words.text("Change the form of address"), taps.PROFILE.data("title")),),
        *(() if has_latin(person.surname or person.given_name) else ((spelling,),)),
        (Button(words.text("Change the language"), taps.PROFILE.data("language")),),
        (Button(words.context_text("button", "Change the birthday"), taps.PROFILE.data("birthday")),),
        (Button(words.context_text("button", "‹ Menu"), taps.MENU.data(MAIN)),),
    )
    return Screen(text, buttons)


def choose_language(caller: Caller, *changes: int) -> Screen:
    """Asks for the language: a newcomer in the one nearest to their phone's, anybody else in their own.

    Each button bears its language's own name, so that nobody must read the question to answer it.
    """
    phone = caller.sender.language_code
    asked = words(nearest(phone)) if phone and not changes else caller.words
    ordered = sorted(languages(), key=lambda language: language != asked.language)
    question = asked.html("Which language would you like me to speak?")
    return Screen(question, _language_buttons(taps.LANGUAGE, ordered, *changes))


def choose_chat_language(caller: Caller) -> Screen:
    """Asks for the language of the cards in a staff chat."""
    question = caller.words.html("Which language should the cards in this chat use?")
    return Screen(question, _language_buttons(taps.CHAT_LANGUAGE, languages()))


def choose_title(words: Words, *changes: int) -> Screen:
    """Asks for the form of address."""
    offered = titles.offered(words.language)
    buttons = [Button(label, taps.TITLE.data(code, *changes)) for code, label in offered.items()]
    return Screen(words.html("How may we address you?"), rows_of(buttons, 2 if _is_wide(offered.values()) else 3))


def choose_birth_month(words: Words) -> Screen:
    """Asks for the birthday, the month first."""
    buttons = [Button(name, taps.PROFILE.data(f"m{month}")) for month, name in enumerate(words.months(), start=1)]
    back = (Button(words.context_text("button", "‹ Back"), taps.MENU.data(PROFILE)),)
    return Screen(words.html("In which month is your birthday?"), (*rows_of(buttons, 3), back))


def choose_birth_day(words: Words, month: int) -> Screen:
    """Asks for the day of the birthday; February has 29."""
    days = monthrange(2000, month)[1]
    buttons = [Button(str(day), taps.PROFILE.data(f"d{month}-{day}")) for day in range(1, days + 1)]
    back = (Button(words.context_text("button", "‹ Back"), taps.PROFILE.data("birthday")),)
    return Screen(words.html("On which day?"), (*rows_of(buttons, 7), back))


def birthday_text(words: Words, month: int, day: int) -> str:
    """Returns a birthday as text, without its year."""
    return words.birthday(date(2000, month, day))


def _is_wide(labels: Iterable[str]) -> bool:
    """Tells whether some labels need half of a row, not a third."""
    return max(map(len, labels)) > LETTERS_OF_A_THIRD


def _language_buttons(action: Action, ordered: list[str] | tuple[str, ...], *further: int) -> Rows:
    return rows_of((Button(words(language).name, action.data(language, *further)) for language in ordered), 2)


def _services(desk: Desk, caller: Caller, *, more: bool) -> Rows:
    return tuple(
        (Button(f"{service.icon} {caller.words.text(service.name)}", taps.SERVICE.data(key)),)
        for key, service in desk.catalogue_of(caller.require_person().estate_id).services.items()
        if service.more == more
    )
