"""What supervisors decide."""

from aiogram import Router

from handlers.supervisor import escalations, lists, staff_chat


def router() -> Router:
    """Escalations and staff chats."""
    found = Router(name="supervisor")
    found.include_routers(escalations.router(), lists.router(), staff_chat.router())
    return found
