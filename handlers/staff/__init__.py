"""What the staff do in their chats."""

from aiogram import Router

from handlers.staff import claims, duty, group


def router() -> Router:
    """The staff's taps and the life of their groups."""
    found = Router(name="staff")
    found.include_routers(claims.router(), duty.router(), group.router())
    return found
