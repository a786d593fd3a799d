"""The list of people for superiors: pages of it, and a page for each person with the buttons that end their roles."""

from __future__ import annotations

import re
from datetime import timedelta

from markupsafe import Markup
from sqlmodel import col, select

from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.departures import departure_rights, role_texts, taps
from concierge_bot.desk.people import names, rights
from concierge_bot.desk.roles import register
from concierge_bot.i18n import Words
from concierge_bot.language.typed import comparable
from concierge_bot.screens import Button, Reply, Rows, Screen, Style, cut, joined
from storage.tables.people import Person, Villa
from storage.tables.roles import Role, RoleKind
from storage.tables.rows import row_id

PAGE = 8
"""The people on a page: as many buttons as a narrow phone shows at once."""
LABEL_LIMIT = 36
"""The letters of a button that a narrow phone shows."""
NEW = timedelta(days=7)
"""The time for which somebody who has joined is new."""
MOST_NEW = 5

Listed = tuple[Person, list[Role]]


def ask(desk: Desk, caller: Caller, typed: str) -> Reply:
    """Lists the people of the caller's estate, the staff first: all, or those of a villa or a name."""
    superior = departure_rights.require_reader(caller)
    found = _listed(desk, superior.estate_id)
    said = comparable(typed)
    if not said:
        return Reply(screen=_page(desk, caller.words, found, 0))
    named = _matching(desk, found, said) or _matching(desk, found, said.split()[-1])  # as in “villa 8”, “Mr Wang”
    if not named:
        nobody = caller.words.html(
            "I found nobody for <b>%(typed)s</b>. /people lists everyone.", typed=cut(typed, LABEL_LIMIT)
        )
        return Reply(screen=Screen(nobody))
    return Reply(screen=_found(desk, caller.words, named))


def _matching(desk: Desk, found: list[Listed], said: str) -> list[Listed]:
    """Returns those of a villa of this name; where there is none, those in whose names it is."""
    of_villa = [one for one in found if said in {comparable(name) for name in _villas(desk, one)}]
    return of_villa or [
        one for one in found if said in comparable(f"{one[0].name} {one[0].surname} {one[0].latin or ''}")
    ]


def turn_to(desk: Desk, caller: Caller, number: int) -> Reply:
    """Shows a page of the list, or the last one where there are fewer by now."""
    superior = departure_rights.require_reader(caller)
    return Reply(screen=_page(desk, caller.words, _listed(desk, superior.estate_id), number), in_place=True)


def show(desk: Desk, caller: Caller, person_id: int) -> Reply:
    """Shows a person: what they are, whether they have joined, and the buttons that end what they are."""
    person = rights.require_invitable(desk, caller, person_id)
    return Reply(screen=page(desk, caller, person), in_place=True)


def page(desk: Desk, caller: Caller, person: Person, *said: Markup) -> Screen:
    """Returns the page of a person for a superior, beneath what is said first."""
    words, roles, manages = caller.words, register.standing(desk, person), caller.require_person().manages
    is_colleague = person.villa_id is None
    lines = [
        *said,
        Markup("👤 <b>{}</b>").format(person.name),
        *(Markup("• {}").format(role_texts.named(desk, role, words)) for role in roles),
        "",
        words.html("Owners read: %(name)s", name=names.of_colleague(words, person)) if is_colleague else None,
        state(desk, person, words),
    ]
    shown = _shown_row(words, person) if is_colleague else ()
    ends = tuple(
        (
            Button(
                cut(
                    words.context_text("button", "End: %(role)s", role=role_texts.named(desk, role, words)), LABEL_LIMIT
                ),
                taps.END_ROLE.data(row_id(role)),
                Style.DANGER,
            ),
        )
        for role in roles
        if manages or role.kind is not RoleKind.MANAGER
    )
    account = _account_row(caller, person)
    back = (Button(words.context_text("button", "‹ All people"), taps.PEOPLE.data(0)),)
    return Screen(joined(lines), (*ends, *account, *shown, back))


def _shown_row(words: Words, person: Person) -> Rows:
    """Returns the buttons for how owners read one of the staff."""
    name = Button(words.context_text("button", "✏️ Name for owners"), taps.CORRECT.data(row_id(person), "display_name"))
    role = Button(words.context_text("button", "✏️ Role for owners"), taps.CORRECT.data(row_id(person), "display_role"))
    return ((name, role),)


def _account_row(caller: Caller, person: Person) -> Rows:
    """Returns the button for another account of somebody who has joined: not one's own, nor that of one's superior."""
    superior = caller.require_person()
    if person.joined_at is None or person.id == superior.id or (person.manages and not superior.manages):
        return ()
    words, has_one = caller.words, person.telegram_id is not None
    label = words.context_text("button", "📵 New account") if has_one else words.context_text("button", "🔗 New link")
    style = Style.DANGER if has_one else None
    return ((Button(label, taps.NEW_ACCOUNT.data(row_id(person)), style),),)


def state(desk: Desk, person: Person, words: Words) -> Markup:
    """Returns how somebody stands: since when they are here, not joined, or without a way to reach them."""
    if person.blocked_at is not None:
        return words.html("🚫 They have blocked me, so my messages do not arrive.")
    if person.joined_at is None:
        return words.html("✉️ They have been invited and have not joined yet.")
    if person.telegram_id is None:
        return words.html("📵 Their Telegram account has ended. They come back by a new link.")
    zone, today = desk.zone(person.estate_id), desk.today(person.estate_id)
    return words.html("Here %(since_when)s.", since_when=words.since(person.joined_at, zone, today))


def _listed(desk: Desk, estate_id: int) -> list[Listed]:
    """Returns the people of an estate who have not left, with their roles: the staff by name, then owners by villa."""
    here = (Person.estate_id == estate_id, col(Person.left_at).is_(None))
    people = desk.session.exec(select(Person).where(*here)).all()
    for villa in desk.session.exec(select(Villa).where(Villa.estate_id == estate_id)):
        desk.keep(villa)
    roles: dict[int, list[Role]] = {}
    standing = select(Role).join(Person, col(Person.id) == Role.person_id).where(*here, col(Role.ends_at).is_(None))
    for role in desk.session.exec(standing.order_by(col(Role.id))):
        roles.setdefault(role.person_id, []).append(role)
    found = [(person, roles.get(row_id(person), [])) for person in people]
    return sorted(found, key=lambda one: (*_natural(desk, one), one[0].name.casefold(), row_id(one[0])))


def _natural(desk: Desk, one: Listed) -> tuple[bool, list[tuple[int, str]]]:
    """Returns the place of somebody's villa among all, 9 before 10; those without one come first."""
    keys = [
        [(int(part), "") if part.isdecimal() else (0, part.casefold()) for part in re.findall(r"\d+|\D+", villa)]
        for villa in _villas(desk, one)
    ]
    return bool(keys), min(keys, default=[])


def _villas(desk: Desk, one: Listed) -> list[str]:
    return [desk.villa(role.villa_id).name for role in one[1] if role.villa_id is not None]


def _page(desk: Desk, words: Words, found: list[Listed], number: int) -> Screen:
    pages = max(1, -(-len(found) // PAGE))
    number = min(number, pages - 1)
    heading = words.plural_html("👥 <b>%(count)s person</b>", "👥 <b>%(count)s people</b>", len(found))
    new = [person.name for person, _ in found if _is_new(desk, person)] if number == 0 else []
    named = words.listed(new[:MOST_NEW], more=len(new) > MOST_NEW)
    newly = words.html("👋 New this week (%(number)s): %(names)s", number=len(new), names=named) if new else None
    hint = words.html("For one villa or one name, add it after the command: /people 8")
    where = words.html("Page %(page)s of %(pages)s", page=number + 1, pages=pages)
    shown = found[number * PAGE : (number + 1) * PAGE]
    return Screen(joined([heading, where, newly, "", hint]), (*_buttons(desk, words, shown), *_turning(number, pages)))


def _is_new(desk: Desk, person: Person) -> bool:
    return person.joined_at is not None and desk.now - person.joined_at < NEW


def _found(desk: Desk, words: Words, found: list[Listed]) -> Screen:
    heading = words.plural_html("👥 <b>%(count)s person</b>", "👥 <b>%(count)s people</b>", len(found))
    more = words.html("These are the first %(number)s. Please send more of the name.", number=PAGE)
    lines = [heading, more] if len(found) > PAGE else [heading]
    return Screen(joined(lines), _buttons(desk, words, found[:PAGE]))


def _buttons(desk: Desk, words: Words, shown: list[Listed]) -> Rows:
    return tuple((Button(_label(desk, words, one), taps.PERSON.data(row_id(one[0]))),) for one in shown)


def _label(desk: Desk, words: Words, one: Listed) -> str:
    person, roles = one
    mark = "🚫 " if person.blocked_at is not None else "✉️ " if person.joined_at is None else ""
    mark = mark or ("📵 " if person.telegram_id is None else "")
    named = [role_texts.named(desk, role, words) for role in roles]
    return cut(mark + " · ".join([person.name, *named]), LABEL_LIMIT)


def _turning(number: int, pages: int) -> Rows:
    before = [Button("‹", taps.PEOPLE.data(number - 1))] if number else []
    after = [Button("›", taps.PEOPLE.data(number + 1))] if number + 1 < pages else []
    return (tuple(before + after),) if before or after else ()
