"""Service messages: written into a chat by Telegram itself. No person said anything, so there is no answer."""

from __future__ import annotations

from collections.abc import Mapping

SENT = frozenset(
    {
        *("text", "caption", "rich_message"),
        *("animation", "audio", "document", "live_photo", "paid_media", "photo", "sticker", "story"),
        *("video", "video_note", "voice"),
        *("checklist", "contact", "dice", "game", "giveaway", "giveaway_winners", "invoice", "location", "poll"),
        "venue",
    }
)
"""The fields of a message that hold what somebody sent."""

SERVICE = frozenset(
    {
        *("new_chat_members", "left_chat_member", "chat_owner_left", "chat_owner_changed"),
        *("new_chat_title", "new_chat_photo", "delete_chat_photo", "pinned_message", "boost_added"),
        *("group_chat_created", "supergroup_chat_created", "channel_chat_created"),
        *("migrate_to_chat_id", "migrate_from_chat_id"),
        *("message_auto_delete_timer_changed", "chat_background_set", "proximity_alert_triggered"),
        *("forum_topic_created", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened"),
        *("general_forum_topic_hidden", "general_forum_topic_unhidden"),
        *("video_chat_scheduled", "video_chat_started", "video_chat_ended", "video_chat_participants_invited"),
        *("successful_payment", "refunded_payment", "direct_message_price_changed", "paid_message_price_changed"),
        *("user_shared", "users_shared", "chat_shared"),
        *("gift", "unique_gift", "gift_upgrade_sent", "giveaway_created", "giveaway_completed"),
        *("connected_website", "write_access_allowed", "passport_data", "web_app_data", "managed_bot_created"),
        *("checklist_tasks_done", "checklist_tasks_added", "poll_option_added", "poll_option_deleted"),
        *("suggested_post_approved", "suggested_post_approval_failed", "suggested_post_declined"),
        *("suggested_post_paid", "suggested_post_refunded"),
        *("community_chat_added", "community_chat_joined", "community_chat_removed"),
    }
)
"""The fields of a message that say what happened in the chat."""

GROUPS = ("group", "supergroup")
HEEDED = frozenset(
    {
        *("new_chat_members", "left_chat_member", "migrate_to_chat_id"),
        *("forum_topic_reopened", "general_forum_topic_unhidden", "new_chat_title"),
    }
)
"""The fields of service messages in groups that the concierge acts on."""


def is_of_no_concern(payload: Mapping[str, object]) -> bool:
    """Returns whether an update is a service message without anything to do."""
    message = payload.get("message")
    if not isinstance(message, dict):
        return False
    found, chat = message.keys() & SERVICE, message.get("chat")
    heeded = HEEDED if isinstance(chat, dict) and chat.get("type") in GROUPS else frozenset()
    return bool(found) and not found & heeded and not message.keys() & SENT
