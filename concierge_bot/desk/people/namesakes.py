"""People of one name: the caller is asked which one, by buttons that tell them apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from sqlalchemy import func
from sqlmodel import col, select

from concierge_bot.desk.context import Desk
from concierge_bot.i18n import Words
from concierge_bot.language.typed import comparable
from concierge_bot.screens import Button, Rows, Screen
from storage.tables.people import Membership, Person
from storage.tables.requests import Request
from storage.tables.rows import row_id


def called(people: Iterable[Person], name: str) -> list[Person]:
    """Returns the people of a typed name. With a username, alone or behind the name, that is one at most."""
    typed, found = _key(name), list(people)
    by_account = [person for person in found if person.username and typed in _with_account(person)]
    return by_account or [person for person in found if _key(person.name) == typed]


def typed_name(person: Person, others: Iterable[Person]) -> str:
    """Returns a person's name as it can be typed, with the username where others bear the same name."""
    alone = sum(_key(other.name) == _key(person.name) for other in others) < 2
    return person.name if alone or not person.username else f"{person.name} @{person.username}"


def whom(desk: Desk, people: list[Person], name: str, words: Words, tap: Callable[[Person], str]) -> Screen:
    """Returns a screen that asks which one of several people is meant."""
    question = words.html("Several people are called “%(name)s”. Which one do you mean?", name=name.strip())
    return Screen(question, buttons(desk, people, words, tap))


def buttons(desk: Desk, people: list[Person], words: Words, tap: Callable[[Person], str]) -> Rows:
    """Returns a button for each person."""
    labels = told_apart(desk, people, words)
    return tuple((Button(labels[row_id(person)], tap(person)),) for person in people)


def told_apart(desk: Desk, people: list[Person], words: Words) -> dict[int, str]:
    """Returns a label for each person by id: the name alone, unless another bears it."""
    alike = Counter(_key(person.name) for person in people)
    labels = {
        row_id(person): person.name if alike[_key(person.name)] == 1 else _described(desk, person, words)
        for person in people
    }
    same = Counter(labels.values())
    return {number: f"{label} ({number})" if same[label] > 1 else label for number, label in labels.items()}


def _described(desk: Desk, person: Person, words: Words) -> str:
    """Returns a label of the name, the username (else the first day of work here), and the last request."""
    parts = [person.name]
    if person.username:
        parts.append(f"@{person.username}")
    else:
        since = desk.session.exec(select(func.min(Membership.since)).where(Membership.person_id == person.id)).one()
        if since is not None:
            day = since.astimezone(desk.zone(person.estate_id)).date()
            parts.append(words.text("since %(date)s", date=words.short_day(day)))
    last = select(func.max(Request.id)).where(col(Request.claimed_by) == person.id)
    if (number := desk.session.exec(last).one()) is not None:
        parts.append(f"#{number}")
    return " · ".join(parts)


def _with_account(person: Person) -> set[str]:
    return {_key(f"{person.name} @{person.username}"), f"@{_key(person.username or '')}"}


def _key(name: str) -> str:
    """Returns a key that all spellings of a name share; for a name without letters, the name itself."""
    typed = name.strip()
    if typed.startswith("@"):
        return f"@{comparable(typed[1:])}"
    return comparable(typed) or typed.casefold()
