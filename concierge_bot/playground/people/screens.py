"""The screen of a person: the messages of a chat, and waiting for one."""

from __future__ import annotations

from concierge_bot.playground.model.chats import Chat
from concierge_bot.playground.model.messages import Message
from concierge_bot.playground.model.world import World


class Screen:
    """A chat as it is shown. Shared by people (their private chat) and groups."""

    _world: World

    @property
    def chat(self) -> Chat:
        """Returns the chat that is shown."""
        raise NotImplementedError

    def screen(self) -> list[Message]:
        """Returns the messages in the chat now, oldest first: edits applied, deleted messages gone.

        A supergroup shows what was written while it was a basic group, too.
        """
        chat = self.chat
        earlier = list(chat.migrated_from.messages.values()) if chat.migrated_from else []
        return earlier + list(chat.messages.values())

    @property
    def last(self) -> Message:
        """Returns the newest message of the bot.

        Raises:
            LookupError: if there is none.
        """
        for message in reversed(self.screen()):
            if message.sender is self._world.bot and not message.service:
                return message
        raise LookupError(f"the bot has written nothing to {self.chat.name}")

    @property
    def pinned(self) -> list[Message]:
        """Returns the pinned messages, the newest last."""
        return [self.chat.messages[number] for number in self.chat.pinned]

    async def sees(self, fragment: str, timeout: float = 40.0, *, after: Message | None = None) -> Message:
        """Waits until a message of the bot contains `fragment`, and returns the newest such.

        Args:
            fragment: a piece of the message's current text.
            timeout: seconds to wait.
            after: only messages newer than this one count.

        Raises:
            AssertionError: if it does not come; with all that stands on the screen.
        """

        def found() -> Message | None:
            for message in reversed(self.screen()):
                if after is not None and message.chat is after.chat and message.id <= after.id:
                    return None
                if message.sender is self._world.bot and fragment in message.text:
                    return message
            return None

        try:
            message = await self._world.changes.until(found, timeout)
        except TimeoutError:
            shown = describe(self.screen())
            text = f"{self.chat.name} does not see {fragment!r} within {timeout} s. The screen:\n{shown}"
            raise AssertionError(text) from None
        assert message is not None
        return message


def describe(messages: list[Message]) -> str:
    """Describes the messages in words, one block each, for a failed test to print."""
    return "\n".join(_describe(message) for message in messages) or "(empty)"


def _describe(message: Message) -> str:
    media = message.media
    what = message.text or (f"({message.service})" if message.service else "")
    lines = [f"[{message.id}] {message.sender.name}: {f'<{media.kind}> ' if media else ''}{what}"]
    lines += ["      " + "  ".join(f"[ {button.text} ]" for button in row) for row in message.buttons]
    return "\n".join(lines)
