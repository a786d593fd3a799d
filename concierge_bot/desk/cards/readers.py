"""For whom the cards of a request are, and how a card names its reader."""

from __future__ import annotations

from enum import StrEnum

from storage.tables.people import Person


class ReaderKind(StrEnum):
    """Whose card it is; each of the staff and of the supervisors has one of their own."""

    OWNER = "owner"
    NOTICE = "owner_notice"
    """The owner's second message: the newest word."""
    TEAM = "team"
    STAFF = "staff"
    SUPERVISOR = "supervisor"


def supervisor_reader(person: Person) -> str:
    """Returns how a supervisor is named as the reader of a card."""
    return f"{ReaderKind.SUPERVISOR}:{person.id}"


def staff_reader(person: Person) -> str:
    """Returns how a member of the staff is named as the reader of a card of their own."""
    return f"{ReaderKind.STAFF}:{person.id}"


def reader_of(person: Person) -> str:
    """Returns how somebody of the staff is named as a reader: a superior has one card, whatever else they are."""
    return supervisor_reader(person) if person.supervises or person.manages else staff_reader(person)


def kind_of(reader: str) -> ReaderKind:
    """Returns whose card it is."""
    return ReaderKind(reader.partition(":")[0])


def person_of(reader: str) -> int:
    """Returns the number of whoever has a card of their own."""
    return int(reader.partition(":")[2])


def has_own_card(reader: str) -> bool:
    """Tells whether a message is for somebody of the staff or a supervisor, in private."""
    return reader.startswith((f"{ReaderKind.SUPERVISOR}:", f"{ReaderKind.STAFF}:"))
