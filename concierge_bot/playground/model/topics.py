"""Topics of a forum, opened and closed by people or by the bot."""

from __future__ import annotations

from concierge_bot.playground.model.accounts import Account
from concierge_bot.playground.model.chats import Chat
from concierge_bot.playground.model.places import Topic
from concierge_bot.playground.model.world import World

BLUE = 0x6FB9F0  # one of the six colours that a topic's icon can have


def open_topic(world: World, chat: Chat, name: str, by: Account) -> Topic:
    """Opens a topic with its service message."""
    created = {"forum_topic_created": {"name": name, "icon_color": BLUE}}
    message = world.post(chat, by, created)
    topic = chat.topics[message.id] = Topic(message.id, name)
    return topic


def close_topic(world: World, chat: Chat, thread: int, by: Account) -> None:
    """Closes a topic: only those who manage topics write there from now on."""
    chat.topics[thread].closed = True
    world.post(chat, by, {"forum_topic_closed": {}}, thread=thread)


def reopen_topic(world: World, chat: Chat, thread: int, by: Account) -> None:
    """Opens a closed topic again."""
    chat.topics[thread].closed = False
    world.post(chat, by, {"forum_topic_reopened": {}}, thread=thread)


def delete_topic(world: World, chat: Chat, thread: int, by: Account) -> None:  # noqa: ARG001
    """Deletes a topic with all its messages; the bot is not told, as in Telegram."""
    del chat.topics[thread]
    for message in [message for message in chat.messages.values() if message.thread_id == thread]:
        world.delete(message)
