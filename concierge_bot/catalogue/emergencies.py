"""The emergencies of the catalogue: the estate's telephone numbers, and the kinds of danger with their words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from concierge_bot.catalogue.durations import SomeTime
from concierge_bot.catalogue.wording import Advice, ButtonText
from concierge_bot.language.danger import Finder

NUMBER = re.compile(r"\+?[0-9][0-9 ()/-]{1,28}[0-9]")
CALLED = ("service_centre", "emergency", "doctors", "ambulance", "fire", "police")


def _number(text: str) -> str:
    if not NUMBER.fullmatch(text):
        raise ValueError(f"{text!r} is not a telephone number: write +86 21 1234 5678 or 110")
    return text


def _called(key: str) -> str:
    if key not in CALLED:
        raise ValueError(f"{key!r} is nobody to call: write one of {', '.join(CALLED)}")
    return key


Number = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_number)]
PhoneKey = Annotated[str, AfterValidator(_called)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,20}$")]
Phrasing = dict[Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(_[A-Z][A-Za-z]{1,3})?$")], tuple[str, ...]]
"""Phrases by language; what is looked for is looked for in all of them."""
SAMPLE_DIGITS = "00000000"
"""What a number of the shipped sample ends with: nobody has it."""


class Entry(BaseModel):
    """An entry in this part of the catalogue: immutable, and refused with unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Phones(Entry):
    """The numbers that owners can call: the estate's own, and the country's public ones."""

    service_centre: Number | None = None
    emergency: Number | None = None
    """Whatever it is: a line that somebody answers round the clock."""
    doctors: Number | None = None
    ambulance: Number | None = None
    fire: Number | None = None
    police: Number | None = None

    def number(self, key: str) -> str | None:
        """Returns a number; the emergency number where this one is not given."""
        found: str | None = getattr(self, key) or self.emergency
        return found

    def missing(self) -> list[str]:
        """Returns the required numbers that are not given."""
        return [key for key in ("service_centre", "emergency", "doctors") if getattr(self, key) is None]

    def samples(self) -> list[str]:
        """Returns the numbers that are still the shipped sample's."""
        return [key for key, number in self if isinstance(number, str) and key != "estate" and _is_sample(number)]


class EstatePhones(Phones):
    """The numbers of one of several estates."""

    estate: str


class DangerKind(Entry):
    """A kind of danger: the words for it, the service that it orders, and what to do until somebody arrives."""

    name: ButtonText
    service: Key
    answers: dict[Key, Key]
    """The choices with which the service is ordered; they make the request urgent."""
    call: tuple[PhoneKey, ...] = Field(min_length=1)
    """Whom to call, the most important first."""
    meanwhile: Advice
    words: Phrasing


class Danger(Entry):
    """The rules for finding danger in owners' texts, and for reacting to it."""

    answer_within: SomeTime
    """After how long somebody comes to an owner who said danger and answers nothing."""
    kinds: dict[Key, DangerKind]
    """The first that is found counts."""
    harmless: Phrasing = {}
    negations: Phrasing = {}

    @model_validator(mode="after")
    def _phrases_can_be_read(self) -> Self:
        _ = self.finder  # which says what it cannot read
        return self

    @cached_property
    def finder(self) -> Finder:
        """Builds the finder of these kinds in a text."""
        kinds = {key: list(_all(kind.words)) for key, kind in self.kinds.items()}
        return Finder(kinds, list(_all(self.harmless)), list(_all(self.negations)))


def _is_sample(number: str) -> bool:
    return "".join(filter(str.isdecimal, number)).endswith(SAMPLE_DIGITS)


def _all(phrasing: Phrasing) -> Iterator[str]:
    for phrases in phrasing.values():
        yield from phrases
