"""Conversations with owners, in their private chats."""

from aiogram import Router

from handlers import mistyped
from handlers.owner import asking, commands, follow_up, media, menu


def router() -> Router:
    """The owner's conversations; words come last, so that commands and files are not taken for words."""
    found = Router(name="owner")
    found.include_routers(commands.router(), menu.router(), asking.router(), follow_up.router())
    found.include_routers(mistyped.router(), media.router())
    return found
