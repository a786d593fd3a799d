"""`concierge invite`: who is invited, and the link that is printed."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Callable
from contextlib import closing

from concierge_bot.desk import invites
from concierge_bot.desk.context import Desk
from concierge_bot.desk.names import Title
from concierge_bot.i18n import languages
from concierge_bot.runtime.bot_api import BotApi, BotApiError, WireError
from concierge_bot.runtime.house import HouseError, open_house
from concierge_bot.settings import Settings, load
from storage.people import Estate, Person

CONTROLS = ("Cc", "Cs")
"""Ends of lines and the like: in no name, and some in no database."""
BIRTHDAY = re.compile(r"(?:\d{4}-)?(\d{2})-(\d{2})")
Invited = Callable[[Desk, Estate], Person]


def supervisor(*, name: str, language: str | None = None) -> Invited:
    """Somebody who is to supervise. Raises HouseError where the data cannot be right."""
    _check_language(language)
    _check_name("--name", name)
    return lambda _desk, estate: Person(
        estate_id=estate.id or 0, given_name=name.strip(), supervises=True, language=language
    )


def manager(*, name: str, language: str | None = None) -> Invited:
    """The property manager, above the supervisors. Raises HouseError where the data cannot be right."""
    _check_language(language)
    _check_name("--name", name)
    return lambda _desk, estate: Person(
        estate_id=estate.id or 0, given_name=name.strip(), manages=True, language=language
    )


def owner(
    *,
    villa: str,
    surname: str,
    given_name: str = "",
    title: str | None = None,
    language: str | None = None,
    birthday: str | None = None,
    nationality: str | None = None,
) -> Invited:
    """An owner of a villa. Raises HouseError where the data cannot be right."""
    _check_language(language)
    _check_name("--villa", villa)
    _check_name("--surname", surname)
    for option, given in (("--given-name", given_name), ("--nationality", nationality)):
        if given:
            _check_name(option, given)
    if title is not None and title not in set(Title):
        raise HouseError(f"--title is wrong: it should be one of {', '.join(Title)}.")
    month, day = _birthday(birthday)

    def person(desk: Desk, estate: Estate) -> Person:
        return Person(
            estate_id=estate.id or 0,
            villa_id=invites.villa_named(desk, estate, villa.strip()).id,
            surname=surname.strip(),
            given_name=given_name.strip(),
            title=title,
            language=language,
            birth_month=month,
            birth_day=day,
            nationality=nationality,
        )

    return person


async def print_link(invited: Invited, estate_name: str | None, echo: Callable[[str], None]) -> None:
    """Writes the invitation down and prints its link. Raises HouseError."""
    settings = load()
    name = await username(settings)
    house = open_house(settings)
    with closing(house.storage), house.desk() as desk:
        estate = invites.estate_named(desk, estate_name)
        if estate is None:
            raise HouseError("Which estate? Name it with --estate, as it is written in the database.")
        code, expires_at = invites.invite(desk, invited(desk, estate))
        zone = desk.zone(estate.id or 0)
    echo(link(name, code))
    echo(f"One use, until {expires_at.astimezone(zone):%Y-%m-%d %H:%M} ({zone}).")


def link(name: str, code: str) -> str:
    """What an invited person opens."""
    return f"https://t.me/{name}?start={code}"


async def username(settings: Settings) -> str:
    """The bot's name, as Telegram gives it. Raises HouseError where Telegram does not answer."""
    try:
        async with BotApi(settings.token, settings.api_url, timeout=15) as api:
            return str((await api.call("getMe"))["username"])
    except (BotApiError, WireError) as error:
        said = f"{settings.api_url} does not answer as it should ({error}): run `concierge doctor`."
        raise HouseError(said) from None


def _check_language(language: str | None) -> None:
    if language is not None and language not in languages():
        raise HouseError(f"--language is wrong: it should be one of {', '.join(languages())}.")


def _check_name(option: str, name: str) -> None:
    if not 1 <= len(name.strip()) <= 80 or any(unicodedata.category(letter) in CONTROLS for letter in name):
        raise HouseError(f"{option} is wrong: it should have 1 to 80 letters.")


def _birthday(text: str | None) -> tuple[int | None, int | None]:
    if text is None:
        return None, None
    found = BIRTHDAY.fullmatch(text)
    month, day = (int(part) for part in found.groups()) if found else (0, 0)
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(2000, month)[1]:
        raise HouseError("--birthday is wrong: it should look like 1971-02-28 or 02-28.")
    return month, day
