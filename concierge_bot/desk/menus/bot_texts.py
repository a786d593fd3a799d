"""Texts about the bot that Telegram shows before anything is said: its name and its two descriptions, by language.

The name that the operator gave the bot with @BotFather stays for everybody whose language has no name of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlmodel import select

from concierge_bot.desk.context import Desk
from concierge_bot.i18n import SOURCE_LANGUAGE, Words, of_menus, words
from concierge_bot.screens import cut
from storage.tables.menus import MenuScope
from storage.tables.people import Estate

METHODS = {
    MenuScope.NAME: ("setMyName", "name", 64),
    MenuScope.DESCRIPTION: ("setMyDescription", "description", 512),
    MenuScope.SHORT_DESCRIPTION: ("setMyShortDescription", "short_description", 120),
}
"""The method of the Bot API, its parameter, and the most characters that it takes."""


def all_texts(desk: Desk) -> Iterator[tuple[MenuScope, str, str]]:
    """Yields each text with its kind and the language code for the Bot API, which is empty for all other languages."""
    estates = desk.session.exec(select(Estate.name).limit(2)).all()
    for code, language in of_menus().items():
        say = words(language)
        if language != SOURCE_LANGUAGE:
            yield MenuScope.NAME, code, _name(say, estates[0] if len(estates) == 1 else "")
        shown_to = "" if language == SOURCE_LANGUAGE else code
        yield MenuScope.DESCRIPTION, shown_to, _description(say)
        yield MenuScope.SHORT_DESCRIPTION, shown_to, _short_description(say)


def params(kind: MenuScope, code: str, text: str) -> dict[str, str]:
    """Returns the parameters of the method that sets a text."""
    _, parameter, limit = METHODS[kind]
    return {parameter: cut(text, limit)} | ({"language_code": code} if code else {})


def _name(say: Words, estate: str) -> str:
    if estate:
        return say.context_text("name of the bot", "%(estate)s: Concierge", estate=estate)
    return say.context_text("name of the bot", "Concierge")


def _description(say: Words) -> str:
    return say.context_text(
        "in a chat in which nothing was said yet: up to 512 characters",
        "Good day. This is the private concierge of our residents: services, repairs and information in one chat. "
        "To join, please open the invitation that you have received from the service centre.",
    )


def _short_description(say: Words) -> str:
    return say.context_text(
        "on the bot's page: up to 120 characters", "The private concierge of our residents, by invitation"
    )
