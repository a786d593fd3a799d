"""The service catalogue: the services, their questions to owners, and their promises.

It is a TOML file, validated at the start. Its texts are message ids: the words for each language are in `locales/`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from datetime import time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from concierge_bot.catalogue import references
from concierge_bot.catalogue.durations import DayHours, DayTime, Duration, Hours, SomeTime
from concierge_bot.catalogue.emergencies import Danger, DangerKind, EstatePhones, PhoneKey, Phones, Phrasing
from concierge_bot.catalogue.faults import CatalogueError, error_of, fault_of
from concierge_bot.catalogue.opening import Opening
from concierge_bot.catalogue.texts import placed
from concierge_bot.catalogue.wording import ButtonText, Icon, Label, Name, QuestionText


class Entry(BaseModel):
    """An entry in the catalogue: immutable, and refused with unknown keys, so that a typing error is found."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,20}$")]
"""What a button's tap carries: short, and nothing that could be mistaken for anything else."""
TeamKey = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,30}$")]

RESERVED_ANSWERS = frozenset({"keep", "skip", "soon", "anytime"})
"""Taps with a meaning of their own, whatever the question."""
RESERVED_QUESTIONS = frozenset({"words", "danger"})
"""Where a draft keeps what the owner said beside the questions."""
SHORTEST_MEMORY = timedelta(days=2)
SHORTEST_MEMORY_OF_FAILURES = timedelta(days=7)


class QuestionKind(StrEnum):
    """The kind of answer that a question wants."""

    CHOICE = "choice"
    TEXT = "text"
    QUANTITY = "quantity"
    WHEN = "when"
    FILES = "files"


class Choice(Entry):
    """One answer to a question, given by a tap."""

    key: Key
    text: ButtonText
    urgent: bool = False
    """Whether this answer makes the request urgent by itself."""
    danger: Key | None = None
    """The kind of danger that it tells of: what to do meanwhile is said with it."""
    words: Phrasing = {}
    """Phrases by which it is meant where an answer is written, beside its text in any language."""

    @field_validator("key")
    @classmethod
    def _not_reserved(cls, key: str) -> str:
        if key in RESERVED_ANSWERS:
            raise ValueError(f"{key!r} means something else already: choose another key")
        return key


class Question(Entry):
    """One question that a service asks."""

    key: Key
    kind: QuestionKind
    text: QuestionText = Field(validation_alias="question")
    label: Label
    """How the answer is headed in the summary and on the card."""
    optional: bool = False
    choices: tuple[Choice, ...] = ()
    max: int = Field(default=10, ge=2, le=50)
    """The largest quantity that has a button; more can be written."""
    unless_urgent: bool = False
    """Whether the question is left out once an earlier answer made the request urgent."""
    optional_if_urgent: bool = False
    """Whether it may be skipped where every minute counts."""
    soon: bool = False
    """Whether "as soon as possible" may be answered to a question for a time."""

    @field_validator("key")
    @classmethod
    def _not_reserved(cls, key: str) -> str:
        if key in RESERVED_QUESTIONS:
            raise ValueError(f"{key!r} means something else already: choose another key")
        return key

    @model_validator(mode="after")
    def _choices_where_due(self) -> Self:
        if (self.kind is QuestionKind.CHOICE) != bool(self.choices):
            raise ValueError("a question of the kind choice needs choices, and no other has any")
        return self

    def choice(self, key: str) -> Choice | None:
        """Returns the choice with this key; None where there is none."""
        return next((choice for choice in self.choices if choice.key == key), None)


class Audience(StrEnum):
    """The people whom a step of an escalation chain tells."""

    TEAM = "team"
    """The team's chat."""
    ON_DUTY = "on_duty"
    """Each member of the team who is on duty, in private."""
    HOLDER = "holder"
    """Who has the request, in private."""
    LEAD = "lead"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    """The property manager."""


class Until(StrEnum):
    """The event that ends the repeating of a step."""

    SEEN = "seen"
    CLAIMED = "claimed"
    DONE = "done"


class ChainStep(Entry):
    """One step of an escalation chain: the people to tell, and the time after the step before it."""

    tell: Audience
    after: Duration = timedelta()
    """The first step's counts from the moment at which the promise is overdue."""
    repeat: SomeTime | None = None
    until: Until = Until.SEEN
    """What ends the repeating; that the promise was kept always does."""
    times: int | None = Field(default=None, ge=1)
    """How often the step is repeated at most, each time that the chain is gone through."""


class Promises(Entry):
    """The time limits of a request, and the escalation chains for limits that were missed."""

    claim_within: SomeTime
    arrive_within: SomeTime | None = None
    done_within: SomeTime | None = None
    claim_chain: str = "unclaimed"
    late_chain: str = "late"


class Service(Promises):
    """A service that owners can ask for; its own promises hold for requests that are not urgent."""

    name: ButtonText
    icon: Icon
    team: TeamKey
    paid: bool = False
    more: bool = False
    """Whether it stands behind the menu's button for further services."""
    questions: tuple[Question, ...] = Field(validation_alias=AliasChoices("questions", "asks"))
    """Catalogues written for version 0.1 call them `asks`."""
    call: tuple[PhoneKey, ...] = ()
    """Whom an owner may call meanwhile: said with every question."""
    urgent: Promises | None = None
    """The promises of an urgent request; without them the service knows none."""
    sign_off_within: Duration | None = None
    """How long the owner may take to say whether all is well; without it, as long as the rules say."""
    follow_up_after: Duration | None = None
    follow_up: QuestionText | None = None
    """The question of the follow-up."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        keys = [question.key for question in self.questions]
        if self.urgent is None and any(choice.urgent for question in self.questions for choice in question.choices):
            raise ValueError("an answer makes it urgent, but there are no promises for urgent requests")
        if twice := next((key for key in keys if keys.count(key) > 1), None):
            raise ValueError(f"two questions have the key {twice!r}")
        if (self.follow_up_after is None) != (self.follow_up is None):
            raise ValueError("follow_up and follow_up_after belong together")
        return self


class EstateDefaults(Entry):
    """The data of the first estate of an installation."""

    name: Name
    timezone: str
    language: str
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    phones: Phones = Phones()
    """Whom owners can call, on estates that have no entry of their own."""

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError(f"{name!r} is not a time zone: write one such as Asia/Shanghai")
        return name


class HouseRules(Entry):
    """The hours and durations that no single service owns."""

    quiet_hours: DayHours
    """No follow-up is asked in them."""
    birthday_hour: DayTime
    """When birthday greetings go out."""
    roster_hour: DayTime | None = None
    """When gaps in a roster are told; where it is not set, with the birthday greetings."""
    check_call_hour: DayTime | None = None
    """When the week's check calls are asked for; where it is not set, with the birthday greetings."""
    follow_up_again_after: SomeTime
    """How long after an attempt at a follow-up the next one is due."""
    undo_within: Duration = timedelta(minutes=1)
    """How long a Done can be undone; the owner is told when this is over, at once where it is 0s."""
    sign_off_within: Duration = timedelta(days=1)
    """How long an owner may take to say whether all is well, where the service does not say."""
    correct_within: Duration = timedelta(days=1)
    """How long a good answer, or what a call brought, can be corrected where nothing follows on it."""
    word_within: Duration = timedelta(minutes=30)
    """How long after an apology for a missed promise the owner hears again."""
    word_within_urgent: Duration = timedelta(minutes=10)
    """The same, of what is urgent."""
    check_calls: int = Field(ge=0, le=20)
    """How many followed-up repairs are drawn for a check call every week."""
    urgent_again_after: SomeTime = timedelta(hours=1)
    """When the whole chain of an urgent request begins anew; of others it is when the team's next hours begin."""
    remind_before: Duration = timedelta(minutes=30)
    """How long before an appointment whoever has it is reminded."""
    standstill: SomeTime
    """After how long without a sign of life the clock or delivery count as standing still."""
    invite_valid: SomeTime
    stale_share: float = Field(gt=0, lt=1)
    """After which share of a request's clock whoever has it, and did nothing, is asked."""
    stale_after: SomeTime
    """The same, for requests without a clock."""
    stale_answer_within: SomeTime
    """How long they may take to answer before the supervisor is told."""
    time_windows: tuple[DayHours, ...] = Field(min_length=1)
    """The windows that an owner can wish for."""
    days_ahead: int = Field(default=60, ge=1, le=366)
    """How far ahead a day can be wished for."""
    cleaning_hour: DayTime = time(4, 30)
    """When what is older than the following is deleted."""
    keep_updates: Duration = timedelta(days=7)
    """For how long what Telegram brought is remembered, once it is done."""
    keep_messages: Duration = timedelta(days=30)
    """For how long what was delivered is remembered."""
    keep_settled: Duration = timedelta(days=30)
    """The same for timers that fired, drafts that were given up, links that were used or are out of date."""
    keep_failures: Duration = timedelta(days=90)
    """The same for what was set aside, could not be delivered, or was refused."""

    @field_validator("keep_updates", "keep_messages", "keep_settled", "keep_failures")
    @classmethod
    def _kept_long_enough(cls, kept_for: timedelta) -> timedelta:
        if kept_for < SHORTEST_MEMORY:
            raise ValueError("write at least 2d: for a day, Telegram may bring an update again")
        return kept_for

    @field_validator("keep_failures")
    @classmethod
    def _failures_are_seen(cls, kept_for: timedelta) -> timedelta:
        if kept_for < SHORTEST_MEMORY_OF_FAILURES:
            raise ValueError("write at least 7d: `concierge doctor` shows them for so long")
        return kept_for

    @field_validator("time_windows")
    @classmethod
    def _within_a_day(cls, windows: tuple[Hours, ...]) -> tuple[Hours, ...]:
        if any(window.start >= window.end for window in windows):
            raise ValueError("a time window ends later on the same day than it starts")
        return windows


class Catalogue(Entry):
    """The whole catalogue file."""

    estate: EstateDefaults
    rules: HouseRules
    teams: dict[TeamKey, Name] = Field(min_length=1)
    """The name of each team."""
    chains: dict[str, Annotated[tuple[ChainStep, ...], Field(min_length=1)]]
    opening: tuple[Opening, ...] = ()
    """When teams work; round the clock, for those that have no entry."""
    services: dict[Key, Service] = Field(min_length=1)
    phones: tuple[EstatePhones, ...] = ()
    """Whom owners of one of several estates can call."""
    danger: Danger | None = None
    """How danger is found in what owners say; without it, it is not looked for."""
    catalogues: dict[Name, str] = {}
    """The files of estates with a catalogue of their own, by the name of the estate."""
    _own: dict[str, Catalogue] = PrivateAttr(default_factory=dict)

    def of_estate(self, estate: Collection[str]) -> Catalogue:
        """Returns the catalogue of an estate, given by its names: its own, or this one."""
        return next((own for name, own in self._own.items() if name in estate), self)

    def file_of(self, estate: Collection[str]) -> str | None:
        """Returns the file of the catalogue that an estate, given by its names, has of its own; None for none."""
        return next((file for name, file in self.catalogues.items() if name in estate), None)

    def give_own(self, catalogues: Mapping[str, Catalogue]) -> None:
        """Gives estates their own catalogues, by the name of the estate."""
        self._own = dict(catalogues)

    @property
    def own(self) -> Mapping[str, Catalogue]:
        """Returns the catalogues of single estates, by the name of the estate."""
        return self._own

    @property
    def dangers(self) -> Mapping[str, DangerKind]:
        """Returns the kinds of danger that are looked for, by key."""
        return self.danger.kinds if self.danger else {}

    def opening_of(self, estate: Collection[str], team: str) -> Opening | None:
        """Returns the opening hours of a team of an estate, given by its names; None for round the clock."""
        own = [opening for opening in self.opening if opening.team == team and opening.estate in estate]
        common = [opening for opening in self.opening if opening.team == team and opening.estate is None]
        return next(iter(own + common), None)

    def phones_of(self, estate: Collection[str]) -> Phones:
        """Returns the numbers that the owners of an estate, given by its names, can call."""
        return next((phones for phones in self.phones if phones.estate in estate), self.estate.phones)

    @property
    def zone(self) -> ZoneInfo:
        """Returns the zone of the estate that a new installation starts with."""
        return ZoneInfo(self.estate.timezone)


def read(path: Path) -> dict[str, Any]:
    """Reads the file without validating it. Raises CatalogueError where it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise CatalogueError(f"The catalogue {path} is not in UTF-8: save it as UTF-8.") from None
    except OSError as error:
        raise CatalogueError(f"The catalogue {path} cannot be read: {error.strerror}.") from None
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"The catalogue {path} cannot be read: {error}.") from None


def load(path: Path, languages: Collection[str] = ()) -> Catalogue:
    """Reads and validates a catalogue, and those of single estates that it names; their paths begin at its folder.

    The languages too, where those that have words are given. Raises CatalogueError, which names each fault with its
    place, and the estate whose catalogue it is.
    """
    found = _alone(path, languages)
    found.give_own({name: _of_one(path.parent / file, name, languages) for name, file in found.catalogues.items()})
    return found


def _of_one(path: Path, estate: str, languages: Collection[str]) -> Catalogue:
    """Reads the catalogue of one estate, which names no further ones."""
    try:
        found = _alone(path, languages)
    except CatalogueError as error:
        raise CatalogueError(*(f"Of “{estate}”: {line}" for line in error.lines)) from None
    if found.catalogues:
        said = "write it in the catalogue that CONCIERGE_CATALOGUE names"
        raise CatalogueError(f"Of “{estate}”: The catalogue {path} is wrong at catalogues: {said}.")
    return found


def _alone(path: Path, languages: Collection[str]) -> Catalogue:
    document = read(path)
    between = list(references.faults(document, languages))
    try:
        found = Catalogue.model_validate(placed(document))
    except ValidationError as error:
        wrong = [fault_of(each) for each in error.errors(include_input=False)]
        raise error_of(path, wrong + between) from None
    if between:
        raise error_of(path, between)
    return found
