"""Asks Telegram whether somebody is in a chat."""

from __future__ import annotations

from concierge_bot.runtime.telegram.bot_api import BotApi, BotApiError
from concierge_bot.runtime.telegram.updates import is_present

NOT_THERE = ("user not found", "member not found", "user_not_participant")
"""Telegram's descriptions for somebody who is not in a group; after any other refusal the membership is unknown."""
UNANSWERED = {400, 403}


async def is_member(api: BotApi, chat_id: int, telegram_id: int) -> bool | None:
    """Returns whether somebody is in a chat; None where Telegram cannot tell, as in a group that hides its members.

    Raises BotApiError for errors other than 400 and 403, WireError where there is no answer.
    """
    try:
        member = await api.call("getChatMember", chat_id=chat_id, user_id=telegram_id)
    except BotApiError as error:
        if error.code in UNANSWERED:
            return False if any(sign in error.description.lower() for sign in NOT_THERE) else None
        raise
    return is_present(member)
