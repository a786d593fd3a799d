"""Commands in a private chat, /help, and taps in the owner's menu and profile."""

from __future__ import annotations

from aiogram import Bot, Router
from aiogram.types import CallbackQuery

from concierge_bot.desk.announcements import writing
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.directory import questions
from concierge_bot.desk.invitations import asking as inviting
from concierge_bot.desk.invitations.invitation_rights import START
from concierge_bot.desk.menus import helping, menus, places, taps
from concierge_bot.desk.ordering import asking
from concierge_bot.desk.people import rights
from concierge_bot.desk.profiles import latin_names, profiles, used_links
from concierge_bot.desk.profiles import taps as profile_taps
from concierge_bot.screens import Reply
from handlers.routing.conversation import OnCommand, OnTap, Tapped, Where, Work, router_of


def start(desk: Desk, caller: Caller, text: str) -> Reply:
    """Handles /start: joins by an invitation's code, leads superiors to /invite, greets where there is no code."""
    code = text.strip()
    if code == START and rights.is_superior(caller.person):
        return inviting.begin(desk, caller)
    return profiles.join(desk, caller, code) if code else profiles.greet(desk, caller)


def home(desk: Desk, caller: Caller) -> Reply:
    """Handles /menu."""
    return Reply(screen=menus.home(desk, caller))


def cancel(desk: Desk, caller: Caller) -> Reply:
    """Handles /cancel: settles a superior's question or announcement, else discards the owner's draft of a request."""
    return questions.cancel(desk, caller) or writing.cancel(desk, caller) or asking.cancel_command(desk, caller)


async def new_link(_tap: CallbackQuery, arguments: tuple[int], work: Work, bot: Bot) -> Reply:
    """Makes a new link for somebody whose link is used up."""
    name = (await bot.me()).username or ""
    return await work(lambda desk, caller: used_links.renew(desk, caller, *arguments, name))


def router() -> Router:
    """Makes the router of the commands in private chats and /help, and of the menu's and the profile's taps."""
    found = router_of(
        "menus",
        OnCommand("start", start, Where.PRIVATE, with_text=True),
        OnCommand("menu", home, Where.PRIVATE),
        OnCommand("requests", menus.list_requests, Where.PRIVATE),
        OnCommand("profile", menus.show_profile, Where.PRIVATE),
        OnCommand("place", places.ask, Where.PRIVATE),
        OnCommand("language", menus.ask_language, Where.PRIVATE),
        OnCommand("cancel", cancel, Where.PRIVATE),
        OnCommand("help", helping.help_command),
        OnTap(taps.MENU, menus.turn_to),
        OnTap(taps.PLACES, places.ask),
        OnTap(taps.PLACE, places.choose),
        OnTap(taps.LANGUAGE, profiles.choose_language),
        OnTap(taps.TITLE, profiles.choose_title),
        OnTap(taps.LATIN, latin_names.choose),
        OnTap(taps.PROFILE, profiles.change),
    )
    found.callback_query.register(new_link, Tapped(profile_taps.NEW_LINK))
    return found
