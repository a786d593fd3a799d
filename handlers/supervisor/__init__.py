"""What supervisors decide."""

from aiogram import Router

from handlers.supervisor import announcements, escalations, lists, staff_chat


def router() -> Router:
    """Escalations, lists, announcements and staff chats."""
    found = Router(name="supervisor")
    found.include_routers(escalations.router(), lists.router(), announcements.router(), staff_chat.router())
    return found
