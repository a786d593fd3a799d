"""Commands as people type them: `/Menu`, `／menu`, `/stop`. None of them becomes part of a request."""

from __future__ import annotations

import pytest
from sqlmodel import select

from concierge_bot.playground import Group, Message, Person
from storage.tables.people import Person as Known
from storage.tables.refusals import Refusal
from storage.tables.requests import Draft, Request
from tests.support.cast import at, begins, begins_repair, on_stage, rested, sends
from tests.support.world import World, tap

FORMS = (
    *(
        "/Menu",
        "/MENU",
        "  /menu",
        "\n/menu",
        "／menu",
        "／ＭＥＮＵ",
        "/m\u200benu",
        "\u200b/menu",
        "/menu.",
        "/menu！",
    ),
    *("/menu@concierge_bot", "/menu@Concierge_Bot", "／menu＠concierge_bot", "/ menu", "、menu", "/menu please"),
)


def _answers(screen: Person | Group, asked: Message) -> list[str]:
    """What the bot said since."""
    return [message.text for message in screen.screen() if message.sender.is_bot and message.id > asked.id]


@pytest.mark.rows_of_words
@pytest.mark.parametrize("typed", FORMS)
async def test_a_command_is_known_however_it_is_typed(world: World, typed: str) -> None:
    wang = await world.owner("Wang")
    asked = await wang.writes(typed)
    await rested(world)
    (answer,) = _answers(wang, asked)
    assert "How may we be of service?" in answer
    assert await world.desk(lambda desk: desk.session.exec(select(Draft)).all()) == []


async def test_a_group_writes_commands_in_any_form_too(world: World) -> None:
    cast = await on_stage(world)
    for typed in ("/Duty", "／duty", "/duty@Concierge_Bot", " /DUTY"):
        asked = await cast.anna.writes(typed, chat=cast.maintenance)
        await cast.maintenance.sees("On duty now", after=asked)
    asked = await cast.anna.writes("/duty@another_bot", chat=cast.maintenance)
    await rested(world)
    assert _answers(cast.maintenance, asked) == []


async def test_a_code_keeps_its_letters(world: World) -> None:
    """Only the command is read in any case: what stands behind it is as it was written."""
    chen = await world.supervisor("Chen")
    group = world.telegram.group("Butlers", by=chen)
    await group.add_bot(by=chen, admin=True)
    await chen.writes("／StaffChat@concierge_bot  Butlers", chat=group)
    await group.sees("staff chat for Butlers")
    asked = await chen.writes("/Roster\nMon-Fri 07:00-15:00 Anna")
    await chen.sees("There is nobody called “Anna” on this team", after=asked)


async def test_an_unknown_command_is_no_part_of_a_request(world: World) -> None:
    wang = await world.owner("Wang")
    await begins(wang, "purchase")
    for typed in ("/settings", "/stop", "/Stop now", "／settings", "/", "/ please", "/%s /{0} /%(name)s", "/x" * 900):
        asked = await wang.writes(typed)
        await rested(world)
        (answer,) = _answers(wang, asked)
        assert "/help" in answer, typed
    assert await world.desk(lambda desk: desk.session.exec(select(Draft)).one().answers) == {}
    await wang.writes("Two bottles of milk")
    await wang.sees("2 of", after=asked)
    asked = await wang.writes("/profile")
    await wang.sees("Your profile", after=asked)


async def test_neither_a_changed_message_nor_a_caption_brings_a_command_in(world: World) -> None:
    cast = await on_stage(world)
    wang = cast.wang
    question = await begins_repair(wang)
    said = await wang.writes("The tap drips")
    await at(wang, "repair", 4)
    await wang.edits(said, "/settings")
    await wang.sees("Please send a command as a new message", after=said)
    await wang.sends_photo(caption="/settings")
    await tap(world, wang, "…:skip")
    await tap(world, wang, "…:soon")
    number = await sends(wang)
    card = await cast.maintenance.sees(f"#{number}")
    assert question.id < said.id
    assert "The tap drips" in card.text
    await rested(world)
    assert [message.wire.get("caption") for message in cast.maintenance.screen() if message.media] == [None]
    answers = await world.desk(lambda desk: desk.session.exec(select(Request)).one().answers)
    assert "settings" not in str(answers)


@pytest.mark.rows_of_words
@pytest.mark.parametrize(
    ("who", "typed", "meant"),
    [
        ("wang", "/requsts", ["/requests"]),
        ("wang", "/opne", []),
        ("wang", "/anounce", []),
        ("chen", "/opne", ["/open"]),
        ("chen", "/Anounce@concierge_bot", ["/announce", "/announcements"]),
        ("chen", "/stafchat", ["/staffchat"]),
        ("anna", "/folowups", ["/followups"]),
        ("anna", "/announce_it", []),
    ],
)
async def test_the_nearest_is_named_of_what_somebody_may_use(
    world: World, who: str, typed: str, meant: list[str]
) -> None:
    cast = await on_stage(world)
    person: Person = getattr(cast, who)
    if person is cast.anna:
        await person.starts()
        await world.chooses_language(person, "en")
    asked = await person.writes(typed)
    answer = await person.sees("I do not know the command /", after=asked)
    for command in meant:
        assert command in answer.text
    assert ("Did you mean" in answer.text) is bool(meant)
    assert "Send /help to see what you can do here." in answer.text


async def test_a_stranger_learns_nothing_by_mistyping(world: World) -> None:
    stranger = world.telegram.person("Stranger")
    asked = await stranger.writes("/opne")
    await stranger.sees("This is the private concierge of our residents.", after=asked)
    await rested(world)
    assert len(_answers(stranger, asked)) == 1


async def test_in_a_group_its_members_are_answered_and_nobody_else(world: World) -> None:
    cast = await on_stage(world)
    group, guest = cast.butlers, world.telegram.person("Guest")
    elsewhere = world.telegram.group("Friends", by=cast.bo, members=[guest, cast.wang])
    await elsewhere.add_bot(by=cast.bo, admin=True)

    async def answers(person: Person, typed: str, chat: Group) -> list[str]:
        asked = await person.writes(typed, chat=chat)
        await rested(world)
        return _answers(chat, asked)

    (near,) = await answers(cast.bo, "/dutty", group)
    assert "Did you mean /duty?" in near
    (addressed,) = await answers(cast.bo, "/weather@concierge_bot", group)
    assert addressed == "I do not know the command /weather.\nSend /help to see what you can do here."
    (private,) = await answers(cast.bo, "/menu", group)
    assert private == "Please send me this command in our private chat."
    for typed in ("/weather", "/poll What shall we eat?", "/dutty@another_bot", "/start", "/stats", "/not_ours", "/"):
        assert await answers(cast.bo, typed, group) == [], typed
    assert await answers(cast.bo, "/opne", group) == []  # it is no command of a butler's
    (of_superiors,) = await answers(cast.chen, "/opne", group)
    assert "Did you mean /open?" in of_superiors
    for typed in ("/dutty", "/dutty@concierge_bot", "/help", "/weather@concierge_bot", "/start@concierge_bot"):
        for person in (cast.bo, guest, cast.wang):
            assert await answers(person, typed, elsewhere) == [], typed
    known = await world.desk(lambda desk: {person.telegram_id for person in desk.session.exec(select(Known))})
    assert guest.id not in known
    refused = await world.desk(lambda desk: [refusal.action for refusal in desk.session.exec(select(Refusal))])
    assert refused == ["my_chat_member"]  # that the bot was added to a group of nobody's


async def test_somebody_the_bot_has_not_seen_is_answered_once_telegram_says_that_they_are_a_member(
    world: World,
) -> None:
    chen, bo = await world.supervisor("Chen"), world.telegram.person("Bo")
    group = await world.team("butlers", bo, by=chen)
    asked = await bo.writes("/dutty", chat=group)
    await group.sees("Did you mean /duty?", after=asked)


async def test_help_lists_what_each_may_use(world: World) -> None:
    cast = await on_stage(world)
    await cast.anna.starts()
    await world.chooses_language(cast.anna, "en")
    listed = {}
    for name, person in (("wang", cast.wang), ("anna", cast.anna), ("chen", cast.chen)):
        asked = await person.writes("/help")
        listed[name] = (await person.sees("/help – ", after=asked)).text
    for command in ("/menu", "/requests", "/profile", "/cancel", "/language"):
        assert f"{command} – " in listed["wang"]
    for command in ("/on", "/off", "/duty", "/followups", "/language"):
        assert f"{command} – " in listed["anna"]
        assert f"{command} – " in listed["chen"]
    for command in ("/open", "/late", "/promises", "/roster", "/lead", "/staffchat", "/announce", "/announcements"):
        assert f"{command} – " in listed["chen"]
        assert f"{command} – " not in listed["anna"] + listed["wang"]
    assert "/on – " not in listed["wang"]
    assert "/menu – " not in listed["anna"] + listed["chen"]
    asked = await cast.anna.writes("/help", chat=cast.maintenance)
    here = await cast.maintenance.sees("What you can do in this chat", after=asked)
    assert "/language – Choose the language of the cards" in here.text
    assert "/open" not in here.text
    assert "/menu" not in here.text
    asked = await cast.chen.writes("/help@concierge_bot", chat=cast.maintenance)
    assert "/lead – " in (await cast.maintenance.sees("What you can do in this chat", after=asked)).text


async def test_an_owner_who_is_on_the_staff_reads_both_parts_of_the_help(world: World) -> None:
    cast = await on_stage(world)
    await cast.butlers.add(cast.wang)
    await rested(world)
    asked = await cast.wang.writes("/help")
    shown = (await cast.wang.sees("/help – ", after=asked)).text
    assert "/requests – " in shown
    assert "/duty – " in shown
    assert "/open" not in shown
