"""Groups: the bot comes and goes, groups become supergroups, topics open and vanish."""

from __future__ import annotations

import pytest

from concierge_bot.playground import Group, Person, Playground
from tests.playground.client import BotClient, kind_of


async def test_the_bot_is_told_of_itself(telegram: Playground, bot: BotClient, boss: Person) -> None:
    group = telegram.group("Butlers", by=boss)
    assert await bot.updates() == []
    await group.add_bot(boss, admin=True)
    await group.demote_bot(boss)
    await group.remove_bot(boss)
    updates = await bot.updates()
    assert [kind_of(update) for update in updates] == [
        "my_chat_member", "message", "my_chat_member", "my_chat_member", "my_chat_member"
    ]  # fmt: skip
    steps = [
        (change["old_chat_member"]["status"], change["new_chat_member"]["status"])
        for update in updates
        if (change := update.get("my_chat_member"))
    ]
    assert steps == [
        ("left", "member"), ("member", "administrator"), ("administrator", "member"), ("member", "kicked")
    ]  # fmt: skip
    assert updates[1]["message"]["new_chat_members"][0]["id"] == telegram.bot.id
    with pytest.raises(PermissionError):
        await group.promote_bot()


async def test_a_basic_group(telegram: Playground, bot: BotClient, boss: Person, anna: Person) -> None:
    group = telegram.group("Butlers", by=boss, members=[anna], kind="group", with_bot=True)
    joined, created = await bot.updates()
    assert joined["my_chat_member"]["chat"]["type"] == "group"
    assert created["message"]["group_chat_created"] is True
    assert group.members == [boss, anna, telegram.bot]
    await group.remove_bot(boss)
    left, kicked = await bot.updates()
    assert left["message"]["left_chat_member"]["id"] == telegram.bot.id
    assert kicked["my_chat_member"]["new_chat_member"]["status"] == "kicked"


async def test_migration(telegram: Playground, bot: BotClient, boss: Person, anna: Person) -> None:
    group = telegram.group("Butlers", by=boss, members=[anna], kind="group", with_bot=True)
    old = group.id
    await bot.says(old, "before")
    await bot.updates()
    await group.migrate()
    first, second = [update["message"] for update in await bot.updates()]
    assert (first["chat"]["id"], first["migrate_to_chat_id"]) == (old, group.id)
    assert (second["chat"]["id"], second["migrate_from_chat_id"]) == (group.id, old)
    await anna.writes("/after", group)
    assert (await bot.updates())[0]["message"]["chat"] == {
        "id": group.id, "type": "supergroup", "title": "Butlers"
    }  # fmt: skip
    assert [message.text for message in group.screen() if not message.service] == ["before", "/after"]
    with pytest.raises(PermissionError):
        await group.migrate()


async def test_members_come_and_go(bot: BotClient, butlers: Group, boss: Person, wang: Person) -> None:
    await bot.updates()
    await butlers.add(wang, by=boss)
    await butlers.remove(wang, by=boss)
    came, left = [update["message"] for update in await bot.updates()]
    assert (came["from"]["id"], came["new_chat_members"][0]["id"]) == (boss.id, wang.id)
    assert left["left_chat_member"]["id"] == wang.id
    with pytest.raises(PermissionError):
        await butlers.remove(wang)
    with pytest.raises(PermissionError):
        await wang.writes("hello", butlers)


async def test_topics(telegram: Playground, bot: BotClient, boss: Person) -> None:
    forum = telegram.group("Forum", by=boss, forum=True, with_bot=True)
    create = {"chat_id": forum.id, "name": "Villa 7"}
    answer = await bot.ask("createForumTopic", **create)
    assert answer.description == "Bad Request: not enough rights to create a topic"
    await forum.promote_bot()
    topic = (await bot.do("createForumTopic", **create))["message_thread_id"]
    await bot.says(forum.id, "in the topic", message_thread_id=topic)
    assert forum.last.thread_id == topic
    assert (await boss.writes("same here", forum, thread=topic)).thread_id == topic

    await bot.do("closeForumTopic", chat_id=forum.id, message_thread_id=topic)
    await bot.says(forum.id, "an administrator may", message_thread_id=topic)
    await forum.demote_bot()
    answer = await bot.ask("sendMessage", chat_id=forum.id, text="x", message_thread_id=topic)
    assert answer.description == "Bad Request: TOPIC_CLOSED"

    await forum.delete_topic(topic)
    answer = await bot.ask("sendMessage", chat_id=forum.id, text="x", message_thread_id=topic)
    assert answer.description == "Bad Request: message thread not found"
    assert [message for message in forum.screen() if message.thread_id] == []
    with pytest.raises(PermissionError):
        await boss.writes("x", forum, thread=topic)


async def test_a_topic_is_opened_again(telegram: Playground, bot: BotClient, boss: Person) -> None:
    forum = telegram.group("Forum", by=boss, forum=True, with_bot=True)
    topic = await forum.open_topic("Villa 7")
    await forum.close_topic(topic)
    await bot.updates()
    await forum.reopen_topic(topic)
    (update,) = await bot.updates()
    assert update["message"]["forum_topic_reopened"] == {}
    assert update["message"]["message_thread_id"] == topic
    await bot.says(forum.id, "again", message_thread_id=topic)
    await forum.promote_bot()
    await bot.do("closeForumTopic", chat_id=forum.id, message_thread_id=topic)
    await bot.do("reopenForumTopic", chat_id=forum.id, message_thread_id=topic)
    assert not forum.chat.topics[topic].closed


async def test_the_topic_that_every_forum_has_is_closed(telegram: Playground, bot: BotClient, boss: Person) -> None:
    forum = telegram.group("Forum", by=boss, forum=True, with_bot=True)
    await forum.close_general()
    answer = await bot.ask("sendMessage", chat_id=forum.id, text="x")
    assert answer.description == "Bad Request: TOPIC_CLOSED"
    await forum.promote_bot()
    await bot.says(forum.id, "an administrator may")


async def test_a_group_and_a_person_get_another_name(bot: BotClient, butlers: Group, anna: Person) -> None:
    said = await bot.says(
        butlers.id, "Tap here", reply_markup={"inline_keyboard": [[{"text": "x", "callback_data": "x"}]]}
    )
    await bot.updates()
    await butlers.rename("Butlers of the house")
    (renamed,) = await bot.updates()
    assert renamed["message"]["new_chat_title"] == "Butlers of the house"
    anna.renames("Anna Maria", "Berg")
    await anna.taps(butlers.chat.messages[said], "x", wait=False)
    (tapped,) = await bot.updates()
    assert tapped["callback_query"]["message"]["chat"]["title"] == "Butlers of the house"
    assert tapped["callback_query"]["from"]["last_name"] == "Berg"


async def test_hidden_members_are_seen_by_administrators_only(bot: BotClient, butlers: Group, anna: Person) -> None:
    await butlers.hide_members()
    ask = {"chat_id": butlers.id, "user_id": anna.id}
    assert (await bot.ask("getChatMember", **ask)).description == "Bad Request: member list is inaccessible"
    assert (await bot.do("getChat", chat_id=butlers.id))["has_hidden_members"] is True
    await butlers.promote_bot()
    assert (await bot.do("getChatMember", **ask))["status"] == "member"


async def test_the_bot_deletes_a_topic(telegram: Playground, bot: BotClient, boss: Person) -> None:
    forum = telegram.group("Forum", by=boss, forum=True, with_bot=True)
    topic = await forum.open_topic("Villa 7")
    delete = {"chat_id": forum.id, "message_thread_id": topic}
    assert (await bot.ask("deleteForumTopic", **delete)).status == 400
    await forum.promote_bot()
    await bot.do("deleteForumTopic", **delete)
    answer = await bot.ask("deleteForumTopic", **delete)
    assert answer.description == "Bad Request: message thread not found"


async def test_groups_without_topics(bot: BotClient, butlers: Group) -> None:
    await butlers.promote_bot()
    answer = await bot.ask("createForumTopic", chat_id=butlers.id, name="x")
    assert answer.description == "Bad Request: the chat is not a forum"
    with pytest.raises(PermissionError):
        await butlers.open_topic("x")


@pytest.mark.parametrize(("kind", "forum"), [("broadcast", False), ("group", True), ("channel", True)])
def test_groups_that_cannot_be(telegram: Playground, boss: Person, kind: str, forum: bool) -> None:
    with pytest.raises(ValueError, match="group"):
        telegram.group("x", by=boss, kind=kind, forum=forum)


async def test_a_channel(telegram: Playground, bot: BotClient, boss: Person, anna: Person) -> None:
    channel = telegram.group("News", by=boss, members=[anna], kind="channel")
    await channel.add_bot(boss)
    (added,) = await bot.updates()
    assert added["my_chat_member"]["chat"] == {"id": channel.id, "type": "channel", "title": "News"}
    assert added["my_chat_member"]["new_chat_member"]["status"] == "administrator"
    with pytest.raises(PermissionError):
        await anna.writes("/open", channel)
    await boss.writes("/open", channel)
    (posted,) = await bot.updates()
    assert posted["channel_post"]["sender_chat"]["id"] == channel.id
    assert "from" not in posted["channel_post"]
    said = await bot.do("sendMessage", chat_id=channel.id, text="What the bot says is the channel's, too")
    assert said["sender_chat"]["id"] == channel.id
