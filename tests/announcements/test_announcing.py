"""A supervisor writes to many owners: to whom, in which words, a preview, and off it goes – once, and until stopped."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import col, select

from concierge_bot.commands.invite import manager, owner, supervisor
from concierge_bot.desk.announcements import drafts, texts
from concierge_bot.desk.context import Desk
from concierge_bot.desk.operations import estates
from concierge_bot.desk.people import invites
from concierge_bot.desk.roles import accounts
from concierge_bot.playground import Message, Person
from concierge_bot.playground.people.screens import Screen
from storage.tables.announcements import Announcement, AnnouncementState
from storage.tables.people import Estate
from storage.tables.queues import OutboxMessage, OutboxState, Urgency
from tests.support.cast import begins, chooses, on_duty, on_stage, rested
from tests.support.world import World

POOL = "The pool is closed on Sunday."
POOL_ZH = "泳池周日关闭。"
NIGHT = datetime(2026, 6, 15, 15, 10, tzinfo=UTC)
"""Ten past eleven in the evening in Shanghai."""
SLOW = {"rate_overall": 3}
"""Two messages of an announcement a second."""
only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def _begins(chen: Person, audience: str = "All owners") -> Message:
    """Chooses to whom. Returns the question for the first text."""
    await chen.writes("/announce")
    await chooses(chen, "Who should receive it?", audience)
    return await chen.sees("please send me the text")


async def _previewed(chen: Person, text: str = POOL, audience: str = "All owners") -> Message:
    """Writes one text for all. Returns the preview's figures, with their buttons."""
    asked = await _begins(chen, audience)
    sent = await chen.writes(text)
    assert sent.id > asked.id
    return await chen.sees("This is what owners will receive", after=sent)


async def _owners(world: World, *names: str, language: str = "en") -> list[Person]:
    """Owners who joined long ago, each in a villa of their own name."""
    people = [world.telegram.person(name, language_code=language) for name in names]

    def move_in(desk: Desk) -> None:
        estate = estates.ensure_first(desk)
        for person in people:
            person.chat.started = True
            known = owner(villa=person.name, surname=person.name, title="mr", language=language)(desk, estate)
            known.telegram_id, known.joined_at, known.opened_at = person.id, desk.now, desk.now
            desk.session.add(known)

    await world.desk(move_in)
    return people


def _got(screen: Screen, fragment: str = POOL) -> list[str]:
    """What the bot wrote that says this."""
    return [
        message.text for message in screen.screen() if fragment in message.text and message.sender.id != screen.chat.id
    ]


async def _rows(world: World) -> list[OutboxMessage]:
    """The messages of all announcements."""

    def read(desk: Desk) -> Any:
        statement = select(OutboxMessage).where(col(OutboxMessage.announcement_id).is_not(None))
        return list(desk.session.exec(statement.order_by(col(OutboxMessage.id))))

    return list(await world.desk(read))


async def test_the_whole_way_in_two_languages(world: World) -> None:
    chen = await world.supervisor("Chen")
    wang, smith = await _owners(world, "Wang", "Smith")
    (li,) = await _owners(world, "Li", language="zh_Hans")
    asked = await _begins(chen)
    assert "English: please send me the text for 2 owners." in asked.text
    sent = await chen.writes(POOL)
    asked = await chen.sees("Simplified Chinese: please send me the text for 1 owner.", after=sent)
    assert asked.button_texts == ["Send them: English", "Discard"]
    sent = await chen.writes(POOL_ZH)
    figures = await chen.sees("This is what owners will receive", after=sent)
    shown = [message.text for message in chen.screen() if message.id > sent.id]
    assert shown[:2] == [f"Dear Mr Wang,\n\n{POOL}", f"尊敬的 Li 先生：\n\n{POOL_ZH}"]
    assert "Shown as for: Wang, Li" in figures.text
    assert "All owners" in figures.text
    assert "English: 2 owners" in figures.text
    assert "Simplified Chinese: 1 owner" in figures.text
    assert "Sending takes less than a minute." in figures.text
    assert "cannot be reached" not in figures.text
    assert figures.button_texts == ["Send me a test", "Send to 3 owners", "Change the text", "Discard"]
    assert not _got(wang)
    await chen.taps(figures, "Send to 3 owners")
    await wang.sees(f"Dear Mr Wang,\n\n{POOL}")
    await smith.sees(f"Dear Mr Smith,\n\n{POOL}")
    await li.sees(f"尊敬的 Li 先生：\n\n{POOL_ZH}")
    final = await chen.sees("✅ Sent to 3 of 3 owners.", after=figures)
    assert final.id > figures.id
    assert final.text.startswith(f"📣 “{POOL}”")
    await world.telegram.until(lambda: "✅ Sent to 3 of 3 owners." in figures.text)
    assert figures.buttons == []
    assert {row.urgency for row in await _rows(world)} == {Urgency.BULK}
    await rested(world)
    assert [len(_got(who)) for who in (wang, smith)] == [1, 1]


async def test_who_lacks_a_text_of_their_own_gets_another_and_the_preview_says_so(world: World) -> None:
    chen = await world.supervisor("Chen")
    await _owners(world, "Wang")
    li, zhao = await _owners(world, "Li", "Zhao", language="zh_Hans")
    await _begins(chen)
    sent = await chen.writes(POOL)
    await chooses(chen, "Simplified Chinese: please send me the text for 2 owners.", "Send them: English")
    figures = await chen.sees("This is what owners will receive", after=sent)
    assert "⚠️ Simplified Chinese: 2 owners. Text they receive: English." in figures.text
    await chen.taps(figures, "Send to 3 owners")
    await li.sees(f"Dear Mr Li,\n\n{POOL}")
    await zhao.sees(f"Dear Mr Zhao,\n\n{POOL}")


async def test_the_first_language_can_be_left_out(world: World) -> None:
    chen = await world.supervisor("Chen")
    (wang,) = await _owners(world, "Wang")
    await _owners(world, "Li", language="zh_Hans")
    await chen.taps(await _begins(chen), "No text: English")
    asked = await chen.sees("Simplified Chinese: please send me the text")
    assert asked.button_texts == ["Discard"]  # somebody has to get something
    sent = await chen.writes(POOL_ZH)
    figures = await chen.sees("⚠️ English: 1 owner. Text they receive: Simplified Chinese.", after=sent)
    await chen.taps(figures, "Send to 2 owners")
    await wang.sees(f"尊敬的 Wang 先生：\n\n{POOL_ZH}")


async def test_owners_of_one_language(world: World) -> None:
    chen = await world.supervisor("Chen")
    (wang,) = await _owners(world, "Wang")
    (li,) = await _owners(world, "Li", language="zh_Hans")
    figures = await _previewed(chen, POOL_ZH, "Owners reading: Simplified Chinese (1)")
    assert "Owners reading: Simplified Chinese" in figures.text
    await chen.taps(figures, "Send to 1 owner")
    await li.sees(POOL_ZH)
    await chen.sees("✅ Sent to 1 of 1 owner.")
    assert not _got(wang, POOL_ZH)


async def test_owners_of_certain_villas(world: World) -> None:
    chen = await world.supervisor("Chen")
    wang, smith, li = await _owners(world, "Wang", "Smith", "Li")
    await world.code(owner(villa="empty", surname="Nobody"))
    await chen.writes("/announce")
    await chooses(chen, "Who should receive it?", "Owners of selected villas…")
    await chen.sees("Which villas?")
    await chen.writes("smith, 9a<b>")
    await chen.sees("There is no villa “9a<b>” on this estate.")
    await chen.writes("，")
    await chen.sees("There is no villa “” on this estate.")
    await chen.writes("empty")
    await chen.sees("None of the owners of these villas can be reached.")
    await chen.writes("smith， LI")
    asked = await chen.sees("English: please send me the text for 2 owners.")
    assert "Owners of the villas Li, Smith" in asked.text
    sent = await chen.writes(POOL)
    await chen.taps(await chen.sees("This is what owners will receive", after=sent), "Send to 2 owners")
    await smith.sees(POOL)
    await li.sees(POOL)
    await rested(world)
    assert not _got(wang)


async def test_a_test_goes_to_the_supervisor_alone(world: World) -> None:
    chen = await world.supervisor("Chen")
    (wang,) = await _owners(world, "Wang")
    figures = await _previewed(chen)
    answer = await chen.taps(figures, "Send me a test")
    assert answer.text == "I am sending you a test."
    test = await chen.sees(f"Dear Chen,\n\n{POOL}")
    again = await chen.sees("This is what owners will receive", after=test)
    assert not _got(wang)
    await chen.taps(again, "Send to 1 owner")
    await wang.sees(POOL)


@only_sqlite
async def test_where_nobody_can_be_reached_any_more_there_is_nothing_to_try_out(world: World) -> None:
    chen = await world.supervisor("Chen")
    wang = await world.owner("Wang")
    figures = await _previewed(chen)
    await wang.blocks()
    await rested(world)
    await chen.taps(figures, "Send me a test")
    await chen.sees("None of these owners can be reached at the moment.", after=figures)
    assert not _got(chen, f"Dear Chen,\n\n{POOL}")


@only_sqlite
async def test_the_list_names_the_latest_five(world: World) -> None:
    chen = await world.supervisor("Chen")

    def announced(desk: Desk) -> None:
        author = next(iter(accounts.persons(desk, chen.id)), None)
        assert author is not None
        for number in range(1, 7):
            found = drafts.new(desk, author, {})
            texts.put(found, "en", f"Number {number}", None)
            found.state, found.started_at, found.ended_at = AnnouncementState.DONE, desk.now, desk.now
            desk.session.flush()

    await world.desk(announced)
    await chen.writes("/announcements")
    listed = await chen.sees("The latest announcements")
    assert [number for number in range(1, 7) if f"Number {number}" in listed.text] == [2, 3, 4, 5, 6]


async def test_a_double_tap_sends_once(world: World) -> None:
    chen = await world.supervisor("Chen")
    owners = await _owners(world, "Wang", "Smith")
    figures = await _previewed(chen)
    data = figures.buttons[1][0].data or ""
    for _ in range(3):
        await chen.taps_data(figures, data, wait=False)
    answer = await chen.taps_data(figures, data)
    assert answer.text == "It has already been sent."
    await chen.sees("✅ Sent to 2 of 2 owners.")
    await rested(world)
    assert [len(_got(who)) for who in owners] == [1, 1]
    assert len(await _rows(world)) == 2


async def test_what_changed_since_the_preview_is_not_sent_by_it(world: World) -> None:
    chen = await world.supervisor("Chen")
    (wang,) = await _owners(world, "Wang")
    old = await _previewed(chen, "Sunny")
    await chen.taps(old, "Change the text")
    await chen.sees("please send me the text", after=old)
    answer = await chen.taps(old, "Send to 1 owner")
    assert "Something has changed since this preview" in str(answer.text)
    sent = await chen.writes(POOL)
    new = await chen.sees("This is what owners will receive", after=sent)
    answer = await chen.taps(old, "Send to 1 owner")
    assert "Something has changed since this preview" in str(answer.text)
    newest = await chen.sees("This is what owners will receive", after=new)
    await rested(world)
    assert not _got(wang, "Sunny") + _got(wang)
    await chen.taps(newest, "Send to 1 owner")
    await wang.sees(POOL)
    assert not _got(wang, "Sunny")


async def test_an_edited_message_changes_the_text(world: World) -> None:
    chen = await world.supervisor("Chen")
    (wang,) = await _owners(world, "Wang")
    await _begins(chen)
    sent = await chen.writes("The pol is closed")
    old = await chen.sees("This is what owners will receive", after=sent)
    await chen.edits(sent, POOL)
    new = await chen.sees("This is what owners will receive", after=old)
    await chen.taps(old, "Send to 1 owner")
    await chen.sees("This is what owners will receive", after=new)
    assert not _got(wang, "pol is")
    await chooses(chen, "This is what owners will receive", "Send to 1 owner")
    await wang.sees(POOL)


async def test_another_text_in_one_of_two_languages(world: World) -> None:
    chen = await world.supervisor("Chen")
    await _owners(world, "Wang")
    (li,) = await _owners(world, "Li", language="zh_Hans")
    await _begins(chen)
    await chen.writes(POOL)
    await chen.sees("Simplified Chinese: please send me the text")
    await chen.writes("!")
    await chooses(chen, "This is what owners will receive", "Change the text")
    await chooses(chen, "Which version would you like to change?", "Simplified Chinese")
    await chen.sees("Simplified Chinese: please send me the text")
    sent = await chen.writes(POOL_ZH)
    await chen.taps(await chen.sees("This is what owners will receive", after=sent), "Send to 2 owners")
    await li.sees(POOL_ZH)


@only_sqlite
async def test_discarded_is_discarded(world: World) -> None:
    chen = await world.supervisor("Chen")
    (wang,) = await _owners(world, "Wang")
    figures = await _previewed(chen)
    data = figures.buttons[1][0].data or ""
    await chen.taps(figures, "Discard")
    await chen.sees("The announcement has been discarded. It was not sent to anybody.")
    answer = await chen.taps_data(figures, data)
    assert answer.text == "This announcement was discarded."
    await _begins(chen)
    await chen.writes("/cancel")
    await chen.sees("The announcement has been discarded.")
    await chen.writes(POOL)
    await chen.sees("Your role here: supervisor")  # words are nothing special any more
    await rested(world)
    assert not _got(wang)
    assert await _rows(world) == []


@only_sqlite
async def test_one_that_was_begun_can_be_gone_on_with(world: World) -> None:
    chen = await world.supervisor("Chen")
    (wang,) = await _owners(world, "Wang")
    await _previewed(chen)
    await world.restart()
    sent = await chen.writes("/announce")
    await chooses(chen, "Who should receive it?", "Continue your draft")
    figures = await chen.sees("This is what owners will receive", after=sent)
    await chen.taps(figures, "Send to 1 owner")
    await wang.sees(POOL)


# Text is text


@pytest.mark.parametrize("text", ["<b>5 < 6</b> & *stars* _here_ &amp;", "👩‍👩‍👧 🎉\n\n  indented", "😀" * 1950])
async def test_text_arrives_as_it_was_written(world: World, text: str) -> None:
    chen = await world.supervisor("Chen")
    (wang,) = await _owners(world, "<Wang> & Sons")
    figures = await _previewed(chen, text)
    await chen.taps(figures, "Send to 1 owner")
    await wang.sees(f"Dear Mr <Wang> & Sons,\n\n{text}")


@only_sqlite
async def test_what_does_not_fit_one_message_is_refused_in_words(world: World) -> None:
    chen = await world.supervisor("Chen")
    (wang,) = await _owners(world, "W" * 80)
    await _begins(chen)
    for text, said in [("x" * 4096, "4,096"), ("😀" * 1951, "3,902")]:
        await chen.writes(text)
        await chen.sees(f"Your text has {said} characters; an announcement may have up to 3,900.")
    await chen.sends_photo()
    await chen.sees("An announcement can contain text only.")
    sent = await chen.writes("x" * 3900)
    await chen.taps(await chen.sees("This is what owners will receive", after=sent), "Send to 1 owner")
    await wang.sees("x" * 3900)


# Who gets it, and who may


async def test_who_blocked_the_bot_is_counted_and_alarms_nobody(world: World) -> None:
    cast = await on_stage(world)
    li, zhao, *_ = await _owners(world, "Li", "Zhao", "Smith")
    await world.code(owner(villa="9", surname="Never"))
    await li.blocks()
    await rested(world)
    figures = await _previewed(cast.chen)
    assert "English: 3 owners" in figures.text
    assert "2 owners cannot be reached: the bot is blocked, or the invitation was never opened." in figures.text
    await zhao.deactivates()  # the bot learns of it only on delivery
    before = [message.text for group in (cast.butlers, cast.maintenance) for message in group.screen()]
    await cast.chen.taps(figures, "Send to 3 owners")
    final = await cast.chen.sees("✅ Sent to 2 of 3 owners.")
    assert "1 owner could not be reached." in final.text
    assert [message.text for group in (cast.butlers, cast.maintenance) for message in group.screen()] == before
    assert not _got(li)
    assert [row.state for row in await _rows(world)].count(OutboxState.DEAD) == 1


async def test_another_estates_owners_get_nothing_and_its_supervisor_may_nothing(world: World) -> None:
    chen = await world.supervisor("Chen")
    (wang,) = await _owners(world, "Wang")

    def second(desk: Desk) -> tuple[str, str]:
        estate = Estate(name="Lakeside", timezone="Europe/Berlin", language="en", currency="EUR")
        desk.session.add(estate)
        desk.session.flush()
        codes = [
            invites.invite(desk, invited(desk, estate))[0]
            for invited in (owner(villa="1", surname="Braun", title="mr"), supervisor(name="Weber"))
        ]
        return codes[0], codes[1]

    braun_code, weber_code = await world.desk(second)
    braun, weber = world.telegram.person("Braun"), world.telegram.person("Weber")
    for person, code in ((braun, braun_code), (weber, weber_code)):
        await person.starts(code)
        await world.chooses_language(person, "en")
    figures = await _previewed(chen)
    data = [(button.data or "") for row in figures.buttons for button in row]
    answers = [await weber.taps_data(weber.last, one) for one in data]
    assert {answer.text for answer in answers} == {"There is no such announcement."}
    assert "Send to 1 owner" in figures.button_texts
    await chen.taps(figures, "Send to 1 owner")
    await wang.sees(POOL)
    await chen.sees("✅ Sent to 1 of 1 owner.")
    answer = await weber.taps_data(weber.last, "annstop:1")
    assert answer.text == "There is no such announcement."
    await weber.writes("/announcements")
    await weber.sees("There have been no announcements yet.")
    await rested(world)
    assert not _got(braun)


async def test_only_superiors_may_and_only_in_their_own_chat(world: World) -> None:
    cast = await on_stage(world)
    await cast.bo.starts()
    await world.chooses_language(cast.bo, "en")
    figures = await _previewed(cast.chen)
    data = [(button.data or "") for row in figures.buttons for button in row] + ["annto:all", "annstop:1", "annshow:1"]
    for person in (cast.bo, cast.wang):
        for command in ("/announce", "/announcements"):
            sent = await person.writes(command)
            await person.sees("Only a supervisor can do this.", after=sent)
        answers = [await person.taps_data(person.last, one) for one in data]
        assert {answer.text for answer in answers} == {"Only a supervisor can do this."}
    await cast.bo.writes("/announce", chat=cast.butlers)
    await cast.butlers.sees("Only a supervisor can do this.")
    await cast.chen.writes("/announce", chat=cast.butlers)
    await cast.butlers.sees("Please send me this command in our private chat.")
    await rested(world)
    assert not _got(cast.wang)
    manager_person = world.telegram.person("Qian")
    await manager_person.starts(await world.code(manager(name="Qian")))
    await world.chooses_language(manager_person, "en")
    answer = await manager_person.taps_data(manager_person.last, data[1])
    assert answer.text == "There is no such announcement."  # it is another's, and not sent yet
    await manager_person.taps(await _previewed(manager_person, "From the manager"), "Send to 1 owner")
    await cast.wang.sees("From the manager")


@only_sqlite
async def test_a_supervisor_who_is_an_owner_asks_for_service_as_ever(world: World) -> None:
    chen = await world.supervisor("Chen")
    await chen.starts(await world.code(owner(villa="8", surname="Chen", title="ms")))
    await world.chooses_language(chen, "en")
    await _begins(chen)
    await begins(chen, "enquiry")
    await chen.writes("Where is the pool?")
    summary = await chen.sees("Is everything correct? Tap Send and I will pass it on at once.")
    assert "Where is the pool?" in summary.text
    assert not [message for message in chen.screen() if "This is what owners will receive" in message.text]


@only_sqlite
async def test_without_owners_there_is_nobody_to_write_to(world: World) -> None:
    chen = await world.supervisor("Chen")
    await world.code(owner(villa="9", surname="Never"))
    await chen.writes("/announce")
    await chen.sees("No owner can be reached yet")


@only_sqlite
async def test_the_menu_of_commands_and_the_help_tell_supervisors_and_no_owner(world: World) -> None:
    chen = await world.supervisor("Chen")
    (wang,) = await _owners(world, "Wang")
    for person, may in ((chen, True), (wang, False)):
        sent = await person.writes("/help")
        shown = await person.sees("/", after=sent)
        assert ("/announce" in shown.text) is may
    await world.restart()
    scope = {"type": "chat", "chat_id": chen.id}
    await world.telegram.until(lambda: world.telegram.commands(scope))
    offered = {command["command"] for command in world.telegram.commands(scope)}
    assert {"announce", "announcements", "open", "help"} <= offered
    everybody = await world.telegram.until(lambda: world.telegram.commands("all_private_chats"))
    assert "announce" not in {command["command"] for command in everybody}


# On its way


async def test_it_is_stopped_in_the_middle_and_says_how_many_got_it(database_url: str) -> None:
    async with on_duty(database_url, settings=SLOW) as world:
        chen = await world.supervisor("Chen")
        owners = await _owners(world, *"ABCDEFGHIJ")
        figures = await _previewed(chen)
        await chen.taps(figures, "Send to 10 owners")
        await world.telegram.until(lambda: "Sent to " in figures.text and "Stop" in str(figures.button_texts))
        await world.telegram.until(lambda: sum(bool(_got(who)) for who in owners) >= 3)
        answer = await chen.taps(figures, "Stop")
        assert answer.text == "Stopped."
        final = await chen.sees("⏹ Stopped: ", after=figures)
        await rested(world)
        got = sum(len(_got(who)) for who in owners)
        assert 3 <= got < 10
        assert f"⏹ Stopped: {got} of 10 owners had received it." in final.text
        await world.telegram.until(lambda: final.text in figures.text)
        assert figures.buttons == []
        states = [row.state for row in await _rows(world)]
        assert (states.count(OutboxState.SENT), states.count(OutboxState.STOPPED)) == (got, 10 - got)
        again = await chen.taps_data(figures, "annstop:1")
        assert again.text == "There is nothing left to send."


async def test_the_progress_is_kept_up_to_date_and_survives_a_restart(database_url: str) -> None:
    async with on_duty(database_url, settings=SLOW) as world:
        chen = await world.supervisor("Chen")
        owners = await _owners(world, *"ABCDEFGH")
        figures = await _previewed(chen)
        await chen.taps(figures, "Send to 8 owners")
        await world.telegram.until(lambda: sum(bool(_got(who)) for who in owners) >= 2)
        await world.restart()
        world.turn(seconds=4)
        await world.telegram.until(
            lambda: "of 8 owners." in figures.text and "✅" not in figures.text and "Sent to 0" not in figures.text
        )
        sent = await chen.writes("/announcements")
        listed = await chen.sees("The latest announcements", after=sent)
        assert "12:" in listed.text
        assert "All owners" in listed.text
        assert listed.button_texts == ["New announcement", "⏹ Stop: The pool is closed …"]
        await world.telegram.until(lambda: all(_got(who) for who in owners))
        await chen.sees("✅ Sent to 8 of 8 owners.", after=listed)
        assert [len(_got(who)) for who in owners] == [1] * 8


async def test_at_night_it_waits_for_the_morning(database_url: str) -> None:
    async with on_duty(database_url, now=NIGHT) as world:
        chen = await world.supervisor("Chen")
        (wang,) = await _owners(world, "Wang")
        figures = await _previewed(chen)
        assert "🌙 Quiet hours last until 08:00. If you send it now, it will arrive silently." in figures.text
        assert figures.button_texts[1:3] == ["Send to 1 owner at 08:00", "Send now, silently"]
        await chen.taps(figures, "Send to 1 owner at 08:00")
        await world.telegram.until(lambda: "It will go out at 08:00 to 1 owner." in figures.text)
        world.turn(hours=8, minutes=45)
        await rested(world)
        assert not _got(wang)
        world.turn(minutes=6)
        await wang.sees(POOL)
        await chen.sees("✅ Sent to 1 of 1 owner.")
        sent = world.telegram.requests_of("sendMessage")
        assert not any(call.params.get("disable_notification") for call in sent if call.chat_id == wang.id)


@only_sqlite
async def test_one_that_waits_for_the_morning_can_be_called_off(database_url: str) -> None:
    async with on_duty(database_url, now=NIGHT) as world:
        chen = await world.supervisor("Chen")
        (wang,) = await _owners(world, "Wang")
        figures = await _previewed(chen)
        await chen.taps(figures, "at 08:00")
        await world.telegram.until(lambda: "Stop" in str(figures.button_texts))
        await chen.taps(figures, "Stop")
        world.turn(seconds=5)
        await chen.sees("⏹ Stopped: 0 of 1 owner had received it.", after=figures)
        world.turn(hours=12)
        await rested(world)
        assert not _got(wang)


@only_sqlite
async def test_at_night_it_can_go_out_silently(database_url: str) -> None:
    async with on_duty(database_url, now=NIGHT) as world:
        chen = await world.supervisor("Chen")
        (wang,) = await _owners(world, "Wang")
        await chen.taps(await _previewed(chen), "Send now, silently")
        await wang.sees(POOL)
        (call,) = [
            call
            for call in world.telegram.requests_of("sendMessage")
            if POOL in str(call.params) and call.chat_id == wang.id
        ]
        assert call.params["disable_notification"] in (True, "true")


@only_sqlite
async def test_a_preview_of_the_evening_does_not_ring_at_night(database_url: str) -> None:
    async with on_duty(database_url, now=datetime(2026, 6, 15, 13, 50, tzinfo=UTC)) as world:
        chen = await world.supervisor("Chen")
        (wang,) = await _owners(world, "Wang")
        figures = await _previewed(chen)
        world.turn(minutes=15)
        answer = await chen.taps(figures, "Send to 1 owner")
        assert "Something has changed since this preview" in str(answer.text)
        await chen.sees("Quiet hours last", after=figures)
        await rested(world)
        assert not _got(wang)


@only_sqlite
async def test_who_deleted_the_progress_still_reads_the_final_word(database_url: str) -> None:
    async with on_duty(database_url, settings=SLOW) as world:
        chen = await world.supervisor("Chen")
        await _owners(world, *"ABCDE")
        figures = await _previewed(chen)
        await chen.taps(figures, "Send to 5 owners")
        await world.telegram.until(lambda: "Sent to " in figures.text)
        await chen.deletes(figures)
        await chen.sees("✅ Sent to 5 of 5 owners.")

        def ended(desk: Desk) -> Any:
            dead = select(OutboxMessage).where(OutboxMessage.state == OutboxState.DEAD)
            return desk.session.exec(select(Announcement.state)).one(), desk.session.exec(dead).all()

        await rested(world)
        assert await world.desk(ended) == (AnnouncementState.DONE, [])
