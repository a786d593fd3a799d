"""Where the bot may write, and what it may do there."""

from __future__ import annotations

import pytest

from concierge_bot.playground import Group, Person, Playground
from tests.playground.client import BotClient


async def refusal(bot: BotClient, chat_id: int | str) -> tuple[int, str]:
    answer = await bot.ask("sendMessage", chat_id=chat_id, text="hi")
    return answer.status, answer.description


@pytest.mark.parametrize("chat_id", [424242, -5, "@nobody", 1000])
async def test_unknown_chats(bot: BotClient, chat_id: int | str) -> None:
    assert await refusal(bot, chat_id) == (400, "Bad Request: chat not found")


async def test_empty_chat_id(bot: BotClient) -> None:
    assert await refusal(bot, "") == (400, "Bad Request: chat_id is empty")


async def test_private_chats(bot: BotClient, anna: Person) -> None:
    assert await refusal(bot, anna.id) == (403, "Forbidden: bot can't initiate conversation with a user")
    await anna.starts()
    await bot.says(anna.id)
    await anna.blocks()
    assert await refusal(bot, anna.id) == (403, "Forbidden: bot was blocked by the user")
    with pytest.raises(PermissionError):
        await anna.writes("hello?")
    await anna.starts("again")
    await bot.says(anna.id)
    await anna.deactivates()
    assert await refusal(bot, anna.id) == (403, "Forbidden: user is deactivated")
    with pytest.raises(PermissionError):
        await anna.writes("hello?")


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_groups(telegram: Playground, bot: BotClient, boss: Person, kind: str) -> None:
    group = telegram.group("Butlers", by=boss, kind=kind)
    stranger = (403, f"Forbidden: bot is not a member of the {kind} chat")
    assert await refusal(bot, group.id) == stranger
    await group.add_bot(boss)
    await bot.says(group.id)
    await group.remove_bot(boss)
    assert await refusal(bot, group.id) == (403, f"Forbidden: bot was kicked from the {kind} chat")
    await group.add_bot(boss)
    assert await bot.do("leaveChat", chat_id=group.id) is True
    assert await refusal(bot, group.id) == stranger


async def test_a_migrated_group(telegram: Playground, bot: BotClient, boss: Person) -> None:
    group = telegram.group("Butlers", by=boss, kind="group", with_bot=True)
    old = group.id
    await group.migrate()
    answer = await bot.ask("sendMessage", chat_id=old, text="hi")
    assert answer.description == "Bad Request: group chat was upgraded to a supergroup chat"
    assert answer.body["parameters"] == {"migrate_to_chat_id": group.id}
    await bot.says(group.id, "hi")


async def test_pinning_needs_the_right(bot: BotClient, wang: Person, butlers: Group, boss: Person) -> None:
    number = await bot.says(butlers.id)
    pin = {"chat_id": butlers.id, "message_id": number}
    for method in ("pinChatMessage", "unpinChatMessage"):
        answer = await bot.ask(method, **pin)
        assert answer.description == "Bad Request: not enough rights to manage pinned messages in the chat"
    await butlers.promote_bot(boss, denied=["can_pin_messages"])
    assert (await bot.ask("pinChatMessage", **pin)).status == 400
    await butlers.promote_bot(boss)
    await bot.do("pinChatMessage", **pin)
    assert [message.id for message in butlers.pinned] == [number]
    assert (await bot.do("getChat", chat_id=butlers.id))["pinned_message"]["message_id"] == number
    await bot.do("unpinChatMessage", chat_id=butlers.id)
    assert butlers.pinned == []
    assert (await bot.ask("unpinChatMessage", chat_id=butlers.id)).status == 400

    own = await bot.says(wang.id)
    await bot.do("pinChatMessage", chat_id=wang.id, message_id=own)
    assert (await bot.ask("pinChatMessage", chat_id=wang.id, message_id=99)).status == 400


async def test_members(bot: BotClient, butlers: Group, boss: Person, anna: Person, wang: Person) -> None:
    async def status(person_id: int) -> str:
        return str((await bot.do("getChatMember", chat_id=butlers.id, user_id=person_id))["status"])

    assert await status(boss.id) == "creator"
    assert await status(anna.id) == "member"
    assert await status(wang.id) == "left"
    assert await status(bot.telegram.bot.id) == "member"
    await butlers.remove(anna, by=boss)
    assert await status(anna.id) == "kicked"
    await butlers.add(wang)
    await butlers.promote(wang, by=boss)
    leading = await bot.do("getChatAdministrators", chat_id=butlers.id)
    assert [member["user"]["id"] for member in leading] == [boss.id, wang.id]
    assert await bot.do("getChatMemberCount", chat_id=butlers.id) == 3

    answer = await bot.ask("getChatMember", chat_id=butlers.id, user_id=99)
    assert answer.description == "Bad Request: user not found"
    assert (await bot.ask("getChatAdministrators", chat_id=wang.id)).status == 400
    assert (await bot.ask("leaveChat", chat_id=wang.id)).status == 400
    assert (await bot.do("getChatMember", chat_id=wang.id, user_id=wang.id))["status"] == "member"


async def test_a_restricted_bot_is_told_so_and_may_not_send(bot: BotClient, butlers: Group) -> None:
    said = await bot.says(butlers.id, "before")
    await bot.updates()
    await butlers.restrict_bot()
    (told,) = await bot.updates()
    assert told["my_chat_member"]["new_chat_member"]["status"] == "restricted"
    assert told["my_chat_member"]["new_chat_member"]["can_send_messages"] is False
    assert await refusal(bot, butlers.id) == (400, "Bad Request: not enough rights to send text messages to the chat")
    edit = {"chat_id": butlers.id, "message_id": said, "text": "after"}
    assert (await bot.ask("editMessageText", **edit)).description == "Bad Request: CHAT_WRITE_FORBIDDEN"
    await butlers.release_bot()
    await bot.do("editMessageText", **edit)


async def test_some_kinds_of_messages_may_be_forbidden(bot: BotClient, butlers: Group, wang: Person) -> None:
    picture = (await wang.sends_photo()).media
    assert picture is not None
    await butlers.forbid("can_send_photos")
    await bot.says(butlers.id, "words are allowed")
    photo = {"chat_id": butlers.id, "photo": picture.file_id}
    assert (await bot.ask("sendPhoto", **photo)).description == (
        "Bad Request: not enough rights to send photos to the chat"
    )
    album = {"chat_id": butlers.id, "media": [{"type": "photo", "media": picture.file_id}] * 2}
    assert (await bot.ask("sendMediaGroup", **album)).status == 400
    await butlers.promote_bot()
    await bot.do("sendPhoto", **photo)
    await butlers.demote_bot()
    await butlers.allow()
    await bot.do("sendMediaGroup", **album)
