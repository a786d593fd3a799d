"""The owners of a villa for superiors: a list, and a page for each with what is written down and how to correct it."""

from __future__ import annotations

import re

from markupsafe import Markup
from sqlmodel import col, select

from concierge_bot.address.scripts import has_latin
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.departures import people_lists, role_texts
from concierge_bot.desk.departures import taps as departure_taps
from concierge_bot.desk.directory import directory_rights, taps
from concierge_bot.desk.directory.facts import OF_COLLEAGUES, Fact
from concierge_bot.desk.menus.menus import birthday_text
from concierge_bot.desk.people import names, villas
from concierge_bot.desk.roles import register
from concierge_bot.i18n import Words
from concierge_bot.language.typed import comparable
from concierge_bot.screens import Button, Reply, Rows, Screen, cut, joined, rows_of
from storage.tables.people import Person, Villa
from storage.tables.roles import Role
from storage.tables.rows import row_id

MOST = 8
"""The owners of a list: as many buttons as a narrow phone shows at once."""
LABEL_LIMIT = 36
"""The letters of a button that a narrow phone shows."""
AROUND = re.compile(r"^(?:villa|别墅)\s*|\s*号$", re.IGNORECASE)
"""Whatever else people write than the name of a villa."""


def ask(desk: Desk, caller: Caller, typed: str) -> Reply:
    """Handles /owner: shows the owner of a villa, or the list where there are several of it or of a name."""
    superior, words = directory_rights.require_reader(caller), caller.words
    if not comparable(typed):
        return Reply(screen=Screen(words.html("Please add the villa or the name after the command: /owner 8")))
    found = _owners(desk, superior.estate_id, typed)
    if not found:
        said = words.html(
            "I found no owner for <b>%(typed)s</b>. /people lists everyone.", typed=cut(typed, LABEL_LIMIT)
        )
        return Reply(screen=Screen(said))
    if len(found) == 1:
        return Reply(screen=page(desk, words, found[0]))
    return Reply(screen=_list(desk, words, found))


def show(desk: Desk, caller: Caller, person_id: int) -> Reply:
    """Shows the page of an owner in place of the list."""
    _, owner = directory_rights.require_corrector(desk, caller, person_id)
    return Reply(screen=page(desk, caller.words, owner), in_place=True)


def page(desk: Desk, words: Words, owner: Person, *said: Markup) -> Screen:
    """Returns the page of an owner, beneath what is said first."""
    roles = register.standing(desk, owner)
    birthday = words.context_text("value", "not given")
    if owner.birth_month and owner.birth_day:
        birthday = birthday_text(words, owner.birth_month, owner.birth_day)
    language = words.named(owner.language) if owner.language else words.context_text("value", "not given")
    lines = [
        *said,
        Markup("👤 <b>{}</b>").format(owner.name),
        *(Markup("• {}").format(role_texts.named(desk, role, words)) for role in roles),
        "",
        words.html("Form of address: %(address)s", address=names.address_for_staff(words, owner)),
        words.html("In Latin letters: %(name)s", name=owner.latin) if owner.latin else None,
        words.html("Language: %(language)s", language=language),
        words.html("Birthday: %(birthday)s", birthday=birthday),
        people_lists.state(desk, owner, words),
    ]
    return Screen(joined(lines), _buttons(words, owner))


def label(words: Words, fact: Fact) -> str:
    """Returns the name of a fact, as on its button."""
    return {
        Fact.SURNAME: words.context_text("fact", "Surname"),
        Fact.GIVEN_NAME: words.context_text("fact", "Given name"),
        Fact.TITLE: words.context_text("fact", "Title"),
        Fact.LANGUAGE: words.context_text("fact", "Language"),
        Fact.BIRTHDAY: words.context_text("fact", "Birthday"),
        Fact.VILLA: words.context_text("fact", "Villa"),
        Fact.LATIN: words.context_text("fact", "Latin spelling"),
        Fact.DISPLAY_NAME: words.context_text("fact", "Name for owners"),
        Fact.DISPLAY_ROLE: words.context_text("fact", "Role for owners"),
    }[fact]


def _buttons(words: Words, owner: Person) -> Rows:
    facts = [fact for fact in Fact if fact not in OF_COLLEAGUES and _applies(owner, fact)]
    corrections = rows_of(
        (Button(f"✏️ {label(words, fact)}", taps.CORRECT.data(row_id(owner), fact)) for fact in facts), 2
    )
    return (*corrections, (Button(words.context_text("button", "Roles ›"), departure_taps.PERSON.data(row_id(owner))),))


def _applies(owner: Person, fact: Fact) -> bool:
    if fact is Fact.LATIN:
        return not has_latin(owner.surname or owner.given_name)
    return fact is not Fact.VILLA or not owner.further_villas


def _list(desk: Desk, words: Words, found: list[Person]) -> Screen:
    heading = words.plural_html("🏡 <b>%(count)s owner</b>", "🏡 <b>%(count)s owners</b>", len(found))
    more = words.html("These are the first %(number)s. Please send more of the name.", number=MOST)
    shown = tuple((Button(_line(desk, words, one), taps.OWNER.data(row_id(one))),) for one in found[:MOST])
    return Screen(joined([heading, more] if len(found) > MOST else [heading]), shown)


def _line(desk: Desk, words: Words, owner: Person) -> str:
    named = (role_texts.named(desk, role, words) for role in register.standing(desk, owner))
    return cut(" · ".join([owner.name, *named]), LABEL_LIMIT)


def _owners(desk: Desk, estate_id: int, typed: str) -> list[Person]:
    """Returns the owners of a villa of this name; where there is none, those in whose names it is.

    A word before the name, as in “villa 8” or “Mr Wang”, is left out where nobody is found with it.
    """
    said, known = [typed, AROUND.sub("", typed.strip()), typed.rsplit(maxsplit=1)[-1]], villas.by_key(desk, estate_id)
    for name in said:
        homes = [row_id(villa) for villa in known.get(villas.key(name), [])]
        if homes and (found := _of_villas(desk, homes)):
            return found
    everybody = _of_villas(desk, [row_id(villa) for alike in known.values() for villa in alike])
    for name in filter(None, map(comparable, said)):
        if found := [one for one in everybody if name in comparable(f"{one.name} {one.surname} {one.latin or ''}")]:
            return found
    return []


def _of_villas(desk: Desk, homes: list[int]) -> list[Person]:
    """Returns those who may order for some villas, by villa and in the order in which they came."""
    lives_there = (
        select(Person)
        .join(Role, col(Role.person_id) == Person.id)
        .join(Villa, col(Villa.id) == Role.villa_id)
        .where(
            col(Role.villa_id).in_(homes),
            col(Role.kind).in_(register.OF_A_VILLA),
            col(Role.ends_at).is_(None),
            col(Person.left_at).is_(None),
        )
        .order_by(col(Villa.id), col(Role.id))
    )
    return list({row_id(one): one for one in desk.session.exec(lives_there)}.values())
