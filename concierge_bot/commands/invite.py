"""`concierge invite`: writes down an invitation and prints its link."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import assert_never

from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from concierge_bot.commands import typed_facts
from concierge_bot.desk.context import Desk
from concierge_bot.desk.people import invites
from concierge_bot.desk.profiles import newcomers
from concierge_bot.desk.profiles.newcomers import Entry, Fate, Owner
from concierge_bot.runtime.bot_identity import open_own
from concierge_bot.runtime.installation import ConciergeError
from concierge_bot.runtime.telegram.bot_api import BotApi, BotApiError, WireError
from concierge_bot.settings import Settings, load
from storage.tables.people import Estate, Person
from storage.tables.rows import row_id

Invited = Callable[[Desk, Estate], Person]


@dataclass(frozen=True)
class Chief:
    """A person to be invited as a supervisor or property manager."""

    name: str
    language: str | None
    manages: bool

    def __call__(self, _desk: Desk, estate: Estate) -> Person:
        """Returns them as a person who is not written down yet."""
        return Person(
            estate_id=row_id(estate),
            given_name=self.name,
            supervises=not self.manages,
            manages=self.manages,
            language=self.language,
        )

    def known(self, desk: Desk, estate: Estate) -> Person | None:
        """Returns the person who was invited under this name and role, and has not joined; None where there is none."""
        return desk.session.exec(
            select(Person).where(
                Person.estate_id == estate.id,
                Person.given_name == self.name,
                Person.supervises == (not self.manages),
                Person.manages == self.manages,
                col(Person.telegram_id).is_(None),
                col(Person.left_at).is_(None),
            )
        ).first()


def supervisor(*, name: str, language: str | None = None) -> Chief:
    """Builds a supervisor to be invited. Raises ConciergeError where the data cannot be right."""
    return Chief(typed_facts.name("--name", name), typed_facts.language(language), manages=False)


def manager(*, name: str, language: str | None = None) -> Chief:
    """Builds a property manager, above the supervisors. Raises ConciergeError where the data cannot be right."""
    return Chief(typed_facts.name("--name", name), typed_facts.language(language), manages=True)


def owner(
    *,
    villa: str,
    surname: str,
    given_name: str = "",
    title: str | None = None,
    latin: str | None = None,
    patronymic: str | None = None,
    name_order: str | None = None,
    language: str | None = None,
    birthday: str | None = None,
    nationality: str | None = None,
) -> Owner:
    """Builds an owner of a villa. Raises ConciergeError where the data cannot be right."""
    month, day = typed_facts.birthday(birthday)
    return Owner(
        language=typed_facts.language(language),
        villa=typed_facts.name("--villa", villa),
        surname=typed_facts.name("--surname", surname),
        given_name=typed_facts.name("--given-name", given_name) if given_name else "",
        nationality=typed_facts.country(nationality) if nationality else None,
        patronymic=typed_facts.name("--patronymic", patronymic) if patronymic else None,
        name_order=typed_facts.name_order(name_order) if name_order else None,
        latin=typed_facts.latin(latin) if latin else None,
        **typed_facts.title(title).facts,
        birth_month=month,
        birth_day=day,
    )


async def print_link(
    invited: Owner | Chief, estate_name: str | None, echo: Callable[[str], None], *, another: bool = False
) -> None:
    """Writes the invitation down and prints its link: both, or neither. Raises ConciergeError."""
    settings = load()
    name = await username(settings)
    installation = open_own(settings)
    with closing(installation.storage), void_unless_kept(), installation.desk() as desk:
        estate = the_estate(desk, estate_name)
        person = None if another else _known(desk, estate, invited)
        code, expires_at = invites.invite(desk, person or invited(desk, estate))
        zone = desk.zone(row_id(estate))
        if person is not None:
            echo(f"{person.name} was invited before and has not joined: here is a new link.")
        echo(link(name, code))  # before the commit: nobody is written down whose link is lost
        echo(f"One use, until {expires_at.astimezone(zone):%Y-%m-%d %H:%M} ({zone}).")


def _known(desk: Desk, estate: Estate, invited: Owner | Chief) -> Person | None:
    """Returns the person of an earlier invitation, or None. Raises ConciergeError where they joined or are in doubt."""
    if isinstance(invited, Chief):
        return invited.known(desk, estate)
    (entry,) = newcomers.sort_out(desk, estate, [(1, invited)])
    if entry.fate is Fate.NEW:
        return None
    if entry.fate is not Fate.AGAIN or entry.person_id is None:
        raise ConciergeError(f"Nobody was invited: {why_not(entry)} Add --another for somebody else of this name.")
    return newcomers.told_anew(desk, entry.person_id, invited)


def why_not(entry: Entry) -> str:
    """Explains why somebody on a list gets no link."""
    whom = " and ".join(named(known.owner) for known in entry.same_as)
    villa = entry.owner.villa
    match entry.fate:
        case Fate.JOINED:
            return f"{whom} of villa {villa} has joined already."
        case Fate.TWICE:
            return f"{whom} of villa {villa} is in line {entry.same_as[0].line} already."
        case Fate.UNCLEAR | Fate.NEW | Fate.AGAIN:
            return f"this may be {whom} of villa {villa}: say more, such as the given name or the title."
        case _:
            assert_never(entry.fate)


def named(owner: Owner) -> str:
    """Returns an owner on a list as a line names them: Mr Wei Wang."""
    return " ".join(word for word in ((owner.title or "").title(), owner.given_name, owner.surname) if word)


def the_estate(desk: Desk, name: str | None) -> Estate:
    """Returns the estate of a name, or the only one. Raises ConciergeError where that is not clear."""
    estate = invites.estate_named(desk, name)
    if estate is None:
        raise ConciergeError("Which estate? Name it with --estate, as it is written in the database.")
    return estate


@contextmanager
def void_unless_kept() -> Iterator[None]:
    """Raises ConciergeError where the block's transaction fails: links that were printed then lead nowhere."""
    try:
        yield
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise ConciergeError(
            f"Nobody was written down, and links that were printed lead nowhere: the database refused it ({reason})."
        ) from None


def link(name: str, code: str) -> str:
    """Returns the link that an invited person opens."""
    return f"https://t.me/{name}?start={code}"


async def username(settings: Settings) -> str:
    """Fetches the bot's username from Telegram. Raises ConciergeError where Telegram does not answer."""
    try:
        async with BotApi(settings.token, settings.api_url, timeout=15) as api:
            return str((await api.call("getMe"))["username"])
    except (BotApiError, WireError) as error:
        said = f"{settings.api_url} does not answer as it should ({error}): run `concierge doctor`."
        raise ConciergeError(said) from None
