"""The places of messages: who is there, in what standing, and with which rights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from concierge_bot.playground.model.accounts import Account

PRESENT = frozenset({"creator", "administrator", "member", "restricted"})
RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
    "can_send_welcome_messages",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
"""What a group allows its members, and somebody restricted more or less of it."""


@dataclass(slots=True)
class Membership:
    """The standing of one account in one group.

    Attributes:
        account: the account of the standing.
        status: "creator", "administrator", "member", "restricted", "left" or "kicked".
        denied: rights that an administrator was not given, or that were taken from somebody restricted.
    """

    account: Account
    status: str
    denied: frozenset[str] = frozenset()

    @property
    def present(self) -> bool:
        """Returns whether the account is in the group."""
        return self.status in PRESENT

    def may(self, right: str) -> bool:
        """Returns whether the account has the administrator's right `right`, "can_pin_messages" say."""
        return self.status == "creator" or (self.status == "administrator" and right not in self.denied)

    def wire(self) -> dict[str, Any]:
        """Returns the ChatMember object."""
        member: dict[str, Any] = {"status": self.status, "user": self.account.wire()}
        if self.status == "creator":
            member["is_anonymous"] = False
        elif self.status == "kicked":
            member["until_date"] = 0
        elif self.status == "restricted":
            member |= {permission: permission not in self.denied for permission in PERMISSIONS}
            member |= {"is_member": True, "until_date": 0}
        elif self.status == "administrator":
            member |= {right: right not in self.denied for right in RIGHTS}
            member |= {"can_be_edited": False, "is_anonymous": False}
        return member


@dataclass(slots=True)
class Topic:
    """A forum topic; its number is that of the service message that opened it."""

    thread_id: int
    name: str
    closed: bool = False


class Place:
    """A chat without its messages.

    Attributes:
        id: Telegram's number: a person's own in private, negative for groups.
        kind: "private", "group", "supergroup" or "channel".
        members: standings in a group, by account id.
        topics: open and closed topics of a forum, by thread id.
        general_closed: whether the General topic of a forum is closed.
        forbidden: the permissions that the group denies its members.
        hidden_members: whether only administrators see who is in the group.
        started: in private, whether the person opened the bot.
        blocked: in private, whether the person blocked the bot.
        pinned: ids of pinned messages, newest last.
    """

    def __init__(
        self,
        chat_id: int,
        kind: str,
        *,
        title: str = "",
        person: Account | None = None,
        forum: bool = False,
    ) -> None:
        self.id = chat_id
        self.kind = kind
        self.title = title
        self.person = person
        self.forum = forum
        self.members: dict[int, Membership] = {}
        self.topics: dict[int, Topic] = {}
        self.general_closed = False
        self.forbidden: frozenset[str] = frozenset()
        self.hidden_members = False
        self.started = False
        self.blocked = False
        self.pinned: list[int] = []
        self._last_message_id = 0

    @property
    def name(self) -> str:
        """Returns the title of a group, or the person's name."""
        return self.person.name if self.person else self.title

    def next_message_id(self) -> int:
        """Returns the next number of a message; numbers rise by one in each chat and are never used again."""
        self._last_message_id += 1
        return self._last_message_id

    def membership(self, account: Account) -> Membership | None:
        """Returns the standing of `account`, None if it never was in the group."""
        return self.members.get(account.id)

    def has(self, account: Account) -> bool:
        """Returns whether `account` is in the group now."""
        membership = self.members.get(account.id)
        return membership is not None and membership.present

    def allows(self, account: Account, right: str) -> bool:
        """Returns whether `account` is an administrator with `right`."""
        membership = self.members.get(account.id)
        return membership is not None and membership.may(right)

    def may_send(self, account: Account, permission: str) -> bool:
        """Returns whether `account` has a permission in the group; in private always."""
        membership = self.members.get(account.id)
        if self.person is not None or membership is None:
            return True
        if membership.status == "restricted" and permission in membership.denied:
            return False
        return permission not in self.forbidden or membership.status in {"creator", "administrator"}

    def wire(self) -> dict[str, Any]:
        """Returns the Chat object."""
        chat: dict[str, Any] = {"id": self.id, "type": self.kind}
        if self.person is None:
            chat["title"] = self.title
            if self.forum:
                chat["is_forum"] = True
            return chat
        chat["first_name"] = self.person.first_name
        if self.person.last_name:
            chat["last_name"] = self.person.last_name
        if self.person.username:
            chat["username"] = self.person.username
        return chat
