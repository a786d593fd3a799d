"""Taps in the owner's menu and profile."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery

from concierge_bot import taps
from concierge_bot.desk.menus import menus
from concierge_bot.desk.profiles import profiles
from concierge_bot.screens import Shown
from handlers.work import Tapped, Work


async def turn(_tap: CallbackQuery, arguments: tuple[str], work: Work) -> Shown:
    """To another page of the menu."""
    (page,) = arguments
    return await work(lambda desk, caller: menus.turn_to(desk, caller, page))


async def language(_tap: CallbackQuery, arguments: tuple[str] | tuple[str, int], work: Work) -> Shown:
    """A language was chosen."""
    return await work(lambda desk, caller: profiles.choose_language(desk, caller, *arguments))


async def title(_tap: CallbackQuery, arguments: tuple[str] | tuple[str, int], work: Work) -> Shown:
    """A form of address was chosen."""
    return await work(lambda desk, caller: profiles.choose_title(desk, caller, *arguments))


async def profile(_tap: CallbackQuery, arguments: tuple[str], work: Work) -> Shown:
    """Something in the profile is to be changed."""
    (what,) = arguments
    return await work(lambda desk, caller: profiles.change(desk, caller, what))


def router() -> Router:
    """The menu and the profile."""
    found = Router(name="menu")
    found.callback_query.register(turn, Tapped(taps.MENU))
    found.callback_query.register(language, Tapped(taps.LANGUAGE))
    found.callback_query.register(title, Tapped(taps.TITLE))
    found.callback_query.register(profile, Tapped(taps.PROFILE))
    return found
