"""C17: a changed auto-delete timer, a new wallpaper and the like were answered "I can pass on text …"."""

from __future__ import annotations

from typing import Any

import pytest

from concierge_bot.playground import Person
from concierge_bot.playground.schema import schema
from concierge_bot.runtime.intake.service_messages import SENT, SERVICE, is_of_no_concern
from storage.tables.queues import InboxState, InboxUpdate
from storage.tables.refusals import Refusal
from tests.support.cast import on_stage, rested
from tests.support.looks import rows
from tests.support.world import World

ABOUT_IT = frozenset(
    {
        *("message_id", "message_thread_id", "direct_messages_topic", "from", "sender_chat", "sender_boost_count"),
        *("sender_business_bot", "sender_tag", "date", "business_connection_id", "chat", "forward_origin"),
        *("is_topic_message", "is_automatic_forward", "reply_to_message", "external_reply", "quote", "reply_to_story"),
        *("reply_to_checklist_task_id", "reply_to_poll_option_id", "via_bot", "edit_date", "has_protected_content"),
        *("is_from_offline", "is_paid_post", "media_group_id", "author_signature", "paid_star_count", "entities"),
        *("link_preview_options", "suggested_post_info", "effect_id", "caption_entities", "show_caption_above_media"),
        *("has_media_spoiler", "reply_markup", "guest_bot_caller_chat", "guest_bot_caller_user", "guest_query_id"),
        *("receiver_user", "ephemeral_message_id"),
    }
)
"""The fields of a message that only say more about it."""


def test_each_field_of_a_message_is_known_as_sent_as_a_service_message_or_as_about_it() -> None:
    fields = set(schema().fields("Message"))
    assert fields - SENT - SERVICE - ABOUT_IT == set()
    assert set() == SENT & SERVICE


@pytest.mark.parametrize("field", sorted(SENT))
def test_what_somebody_sends_is_never_taken_for_a_service_message(field: str) -> None:
    assert not is_of_no_concern({"message": {field: {}, "pinned_message": {}}})
    assert not is_of_no_concern({"message": None})
    assert not is_of_no_concern({field: {}})


def _service_message(person: Person, chat: dict[str, Any], field: str) -> dict[str, Any]:
    wire: dict[str, Any] = {"message_id": 900, "from": person.wire(), "chat": chat, "date": 1_780_000_000}
    return {"message": wire | {field: VALUES.get(field, {})}}


VALUES: dict[str, Any] = {
    "message_auto_delete_timer_changed": {"message_auto_delete_time": 86_400},
    "boost_added": {"boost_count": 1},
    "new_chat_title": "Another name",
    "new_chat_photo": [],
    "delete_chat_photo": True,
    "video_chat_ended": {"duration": 60},
    "pinned_message": {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}},
    "chat_background_set": {"type": {"type": "chat_theme", "theme_name": "🏡"}},
}
NOT_IN_PRIVATE = {"new_chat_members", "left_chat_member", "migrate_to_chat_id"}


async def test_no_service_message_gets_an_answer_in_private_or_in_a_group(world: World) -> None:
    cast = await on_stage(world)
    stranger = world.telegram.person("Nobody")
    await world.telegram.settled()
    screens = (cast.wang, cast.bo, cast.chen, stranger, cast.butlers)
    before = [len(screen.screen()) for screen in screens]
    kept = len(await rows(world, Refusal))
    for field in sorted(SERVICE - NOT_IN_PRIVATE):
        for person in (cast.wang, cast.bo, cast.chen, stranger):
            world.telegram.inject(_service_message(person, person.chat.wire(), field))
        world.telegram.inject(_service_message(cast.bo, cast.butlers.chat.wire(), field))
    await rested(world)
    assert [len(screen.screen()) for screen in screens] == before
    assert len(await rows(world, Refusal)) == kept
    assert await rows(world, InboxUpdate, InboxUpdate.state == InboxState.FAILED) == []
    await cast.wang.sends_sticker()  # what somebody did send is answered still
    await cast.wang.sees("I can pass on text")
