"""The command and the taps by which superiors invite somebody: `/invite`."""

from __future__ import annotations

from collections.abc import Callable

from aiogram import Bot, Router
from aiogram.types import CallbackQuery, Message

from concierge_bot.desk.departures import taps as departures
from concierge_bot.desk.invitations import asking, making, new_accounts, taps, waiting_links
from concierge_bot.screens import Reply
from concierge_bot.taps import Action, Argument
from handlers.routing.commanding import Command, Commanded
from handlers.routing.conversation import OnTap, Tapped, Work, router_of


async def invite(_message: Message, command: Command, work: Work, bot: Bot) -> Reply:
    """Handles /invite [villa] [name]."""
    name = (await bot.me()).username or ""
    return await work(lambda desk, caller: asking.begin(desk, caller, command.args, name))


def router() -> Router:
    """Makes the router of invitations."""
    found = router_of(
        "invitations",
        OnTap(taps.INVITE, asking.begin),
        OnTap(taps.INVITE_AS, asking.as_what),
        OnTap(taps.INVITE_VILLAS, asking.turn_to),
        OnTap(taps.INVITE_VILLA, asking.villa),
        OnTap(taps.INVITE_TEAM, asking.team),
        OnTap(taps.INVITE_NEW, asking.new),
        OnTap(taps.INVITE_LINKS, waiting_links.turn_to),
        OnTap(taps.INVITE_LINK, waiting_links.show),
        OnTap(taps.INVITE_REVOKE, making.revoke),
    )
    found.message.register(invite, Commanded("invite"))
    _register_with_name(found, taps.INVITE_KNOWN, making.for_known)
    _register_with_name(found, taps.INVITE_RENEW, making.renew)
    _register_with_name(found, departures.NEW_ACCOUNT, new_accounts.ask)
    _register_with_name(found, departures.NEW_ACCOUNT_SURE, new_accounts.make)
    return found


def _register_with_name(found: Router, action: Action, use_case: Callable[..., Reply]) -> None:
    """Registers a tap whose use case makes a link, for which it is told the bot's name."""

    async def handle(_tap: CallbackQuery, arguments: tuple[Argument, ...], work: Work, bot: Bot) -> Reply:
        name = (await bot.me()).username or ""
        return await work(lambda desk, caller: use_case(desk, caller, *arguments, bot_name=name))

    found.callback_query.register(handle, Tapped(action))
