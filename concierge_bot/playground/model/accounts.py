"""The accounts: people and the bot."""

from __future__ import annotations

from typing import Any


class Account:
    """One Telegram user.

    Attributes:
        id: Telegram's number for the user.
        first_name: always there; `last_name` and `username` (without @) may be None.
        language_code: IETF tag of the person's app, for example "zh-hans"; None for a bot.
        is_bot: whether it is the bot.
        deactivated: whether the account was deleted.
    """

    is_bot = False

    def __init__(
        self,
        account_id: int,
        first_name: str,
        *,
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = None,
    ) -> None:
        self.id = account_id
        self.first_name = first_name
        self.last_name = last_name
        self.username = username
        self.language_code = language_code
        self.deactivated = False

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id} {self.name}>"

    @property
    def name(self) -> str:
        """Returns first and last name, as chats show them."""
        return f"{self.first_name} {self.last_name}" if self.last_name else self.first_name

    def wire(self) -> dict[str, Any]:
        """Returns the User object."""
        user: dict[str, Any] = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.last_name:
            user["last_name"] = self.last_name
        if self.username:
            user["username"] = self.username
        if self.language_code:
            user["language_code"] = self.language_code
        return user


class Bot(Account):
    """The bot under test.

    Attributes:
        token: the token in the path of its calls.
        privacy_mode: in groups it sees only what concerns it, unless it is an administrator.
        joins_groups: people may add it to groups.
        profile: names, descriptions, commands and menu buttons, by their keys.
    """

    is_bot = True

    def __init__(self, token: str, username: str, name: str, *, privacy_mode: bool) -> None:
        super().__init__(int(token.partition(":")[0]), name, username=username)
        self.token = token
        self.privacy_mode = privacy_mode
        self.joins_groups = True
        self.profile: dict[tuple[str, ...], Any] = {}
