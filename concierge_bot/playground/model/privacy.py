"""The messages of a group that reach the bot."""

from __future__ import annotations

from concierge_bot.playground.model.accounts import Bot
from concierge_bot.playground.model.messages import Message
from concierge_bot.playground.text.entities import piece


def reaches(message: Message, bot: Bot) -> bool:
    """Returns whether `bot` is told of a message that somebody else wrote.

    It must be in the chat. With privacy mode on, and unless it is an administrator, it gets only
    commands that are not for another bot, replies to itself, mentions of itself and service
    messages.
    """
    chat = message.chat
    if chat.kind == "private":
        return not chat.blocked
    membership = chat.membership(bot)
    if membership is None or not membership.present:
        return False
    if membership.status == "administrator" or not bot.privacy_mode or message.service:
        return True
    answers_it = message.reply_to is not None and message.reply_to.sender is bot
    return answers_it or _addresses(message, bot)


def _addresses(message: Message, bot: Bot) -> bool:
    own = f"@{bot.username}".lower()
    for entity in message.entities:
        words = piece(message.text, entity).lower()
        if entity["type"] == "mention" and words == own:
            return True
        is_command = entity["type"] == "bot_command" and entity["offset"] == 0
        if is_command and ("@" not in words or words.endswith(own)):
            return True
    return False
