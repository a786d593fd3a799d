"""Nothing that 0.1.0 had under way is lost when today's program takes its place: README.md says how it was made."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime

import pytest
from sqlmodel import col, func, select

from concierge_bot.desk.context import Desk
from concierge_bot.desk.departures import restored
from concierge_bot.i18n import languages, words
from concierge_bot.playground import Message
from storage.archive.reading import Archive
from storage.engine.unit import Storage
from storage.tables.queues import InboxState, InboxUpdate, OutboxMessage, OutboxState, Timer, TimerState
from storage.tables.registry import METADATA
from storage.tables.requests import UNFINISHED, FollowUp, Request, SignOff
from tests.support.cast import at, chooses, left_in_order, number_of, rested, until_it_says
from tests.support.world import tap
from tests.upgrade.conftest import A_FILE
from tests.upgrade.kept import HERE, Estate, buttons_of

pytestmark = pytest.mark.usefixtures("boards")
LATE = "query is too old"
"""What Telegram says of the answer to a tap from before the stop."""


def _moment(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A moment of June 2026 on the estate's wall, which is eight hours ahead."""
    return datetime(2026, 6, day, hour - 8, minute, second, tzinfo=UTC)


def _said(estate: Estate, name: str, fragment: str) -> list[Message]:
    """What today's program has written into a chat that says this."""
    return [message for message in estate.new(name) if fragment in message.text]


async def _goes_to(estate: Estate, *moments: datetime) -> None:
    for moment in moments:
        estate.world.clock.turn_to(moment)
        await rested(estate.world)


# What was on its way


def test_every_row_is_there(database_url: str) -> None:
    with (
        Archive(HERE / "0.1.0.zip") as archive,
        closing(Storage(database_url)) as storage,
        storage.reading() as session,
    ):
        kept = {table.name: table.rows for table in archive.manifest.tables}
        found = {name: session.exec(select(func.count()).select_from(METADATA.tables[name])).one() for name in kept}
        told = select(func.count()).select_from(OutboxMessage).where(OutboxMessage.reader == restored.READER)
        found["outbox"] -= session.exec(told).one()  # superiors are told that a backup was put back
    assert found == kept


async def test_what_was_on_its_way_arrives_once(waiting: Estate) -> None:
    estate, world = waiting, waiting.world
    claim = await _what_people_do_meanwhile(estate)
    await world.start()
    await until_it_says(world, claim, "Taken by Bo")
    number = estate.number("done while it was down")
    await until_it_says(world, estate.old("Butlers", f"done:{number}"), "Done by Ben")
    await estate.people["حداد"].sees("Thank you, I have received that.")
    async with asyncio.timeout(60):  # what is never delivered would be waited for
        await rested(world)
    world.turn(minutes=1)  # until then Done can be undone
    await rested(world)
    await _what_was_owed_has_arrived(estate)
    await _the_announcement_is_over(estate)
    await _what_was_received_is_done(estate)
    await estate.people["Smith"].sees("Good morning, Mr Smith.")
    await left_in_order(world, LATE)


async def _what_people_do_meanwhile(estate: Estate) -> Message:
    """While nobody is on duty, Bo claims a request, and an owner writes. Returns the card that Bo tapped."""
    number = estate.number("open")
    card = estate.old("Butlers", f"claim:{number}")
    await estate.people["Bo"].taps_data(card, f"claim:{number}", wait=False)
    await estate.people["Smith"].writes("/menu")
    return card


async def _what_was_owed_has_arrived(estate: Estate) -> None:
    owed = [(row["method"], row["chat"], row["text"]) for row in estate.book["owed"]]
    figures = estate.old("Chen", "annstop:1").chat.id, "Sent to 4 of 6"
    wanted = Counter(row for row in owed if not (row[1] == figures[0] and figures[1] in row[2]))
    assert wanted.total() == len(owed) - 1  # how far the announcement has come is only true for a moment
    calls = [call for call in estate.world.telegram.calls if call.status == 200]
    made = Counter((call.method, call.chat_id, call.params.get("text")) for call in calls)
    assert {row: made[row] for row in wanted} == wanted

    def states(desk: Desk) -> set[str]:
        ids = [row["id"] for row in estate.book["owed"]]
        return set(desk.session.exec(select(OutboxMessage.state).where(col(OutboxMessage.id).in_(ids))))

    assert await estate.world.desk(states) == {OutboxState.SENT}


async def _the_announcement_is_over(estate: Estate) -> None:
    figures = estate.old("Chen", "annstop:1")
    await until_it_says(estate.world, figures, "✅ Sent to 6 of 6 owners.")
    assert figures.buttons == []
    assert len(_said(estate, "Chen", "✅ Sent to 6 of 6 owners.")) == 1
    for name in ("Wang", "O'Neill", "Иванова", "حداد"):
        assert _said(estate, name, "The pool is closed") == []
    for name, text in (
        ("Smith", "Dear Mr Smith,\n\nThe pool is closed on Sunday."),
        ("李", "尊敬的李女士：\n\n泳池周日关闭。"),
    ):
        assert [message.text for message in _said(estate, name, text)] == [text]
    assert estate.new("Zhao") == []


async def _what_was_received_is_done(estate: Estate) -> None:
    number = estate.number("done while it was down")
    await until_it_says(estate.world, estate.old("Иванова", f"cancel:{number}"), "✓ Done")
    assert len(_said(estate, "حداد", "Thank you, I have received that.")) == 1
    ids = [update["update_id"] for update in estate.book["received"]]

    def states(desk: Desk) -> list[str]:
        return list(desk.session.exec(select(InboxUpdate.state).where(col(InboxUpdate.update_id).in_(ids))))

    assert await estate.world.desk(states) == [InboxState.DONE] * 2


# Buttons


async def test_old_buttons_of_the_staff_work(estate: Estate) -> None:
    world, number, chen = estate.world, estate.number, estate.people["Chen"]
    gas, open_, claimed = number("gas"), number("open"), number("claimed")

    answer = await estate.taps("Anna", f"claim:{gas}", group="Maintenance")
    assert answer.text == f"#{gas} is yours."
    await until_it_says(world, estate.old("Maintenance", f"claim:{gas}"), "Taken by Anna")
    await until_it_says(world, estate.old("Anna", f"claim:{gas}"), "Taken by Anna")
    await until_it_says(world, estate.old("林", f"take:{gas}"), "Anna")
    await until_it_says(world, estate.old("Wang", f"cancel:{gas}"), "Taken by Anna")

    assert (await estate.taps("Bo", f"claim:{open_}", group="Butlers")).text == f"#{open_} is yours."
    await estate.taps("Bo", f"onsite:{claimed}", group="Butlers")
    await until_it_says(world, estate.old("Butlers", f"onsite:{claimed}"), "Bo on site")
    await estate.taps("Bo", f"done:{claimed}", group="Butlers")
    await until_it_says(world, estate.old("Butlers", f"done:{claimed}"), "Done by Bo")
    world.turn(minutes=1)  # until then Done can be undone
    await until_it_says(world, estate.old("Иванова", f"cancel:{claimed}"), "✓ Done")

    released = number("released")
    await estate.taps("Ben", f"release:{released}", group="Butlers")
    await until_it_says(world, estate.old("Butlers", f"release:{released}"), "Waiting since")
    await estate.screen("Butlers").sees(f"#{released} · Villa 12A · Enquiries, messages, keys: Ben has handed it back.")

    await estate.taps("Bo", f"onit:{number('lies still')}:30")
    await estate.taps("Anna", f"called:{number('to be called')}:call:good", group="Maintenance")
    await until_it_says(world, estate.old("Maintenance", "called:*:call:good"), "Anna spoke to the owner")
    called = number("to be called")
    settled = await world.desk(
        lambda desk: desk.session.exec(select(FollowUp).where(FollowUp.request_id == called)).one()
    )
    assert settled.good

    returned = number("return")
    await estate.taps("Chen", f"assign:{returned}")
    assigning = await chen.sees("Anna")
    assert assigning.button_texts
    await estate.taps("Chen", f"take:{returned}")
    await until_it_says(world, estate.old("Maintenance", f"done:{returned}"), "Taken by Chen")
    newcomer = world.telegram.person("Łucja", language_code="pl")
    await newcomer.starts(estate.book["link"])
    await tap(world, newcomer, "lang:en")
    await newcomer.sees("Welcome, Ms Kowalski.")
    for data in ("remind", "seen", "snooze"):
        await estate.taps("Chen", f"{data}:{gas}")
    await left_in_order(world, LATE)


async def test_old_buttons_of_the_owners_work(estate: Estate) -> None:
    world, number, wang, li = estate.world, estate.number, estate.people["Wang"], estate.people["李"]

    given_up = number("given up")
    await estate.taps("Wang", f"cancel:{given_up}")
    await tap(world, wang, f"cancelsure:{given_up}")
    await until_it_says(world, estate.old("Butlers", f"claim:{given_up}"), "Cancelled")

    repaired = number("asked and not answered")
    await estate.taps("Wang", f"followup:{repaired}:no")
    await estate.screen("Maintenance").sees(f"↩️ Return of #{repaired}")
    await wang.sees(f"#{repaired} again, now as #")

    signed = number("to be signed and to be asked")
    await estate.taps("李", f"sign:{signed}:good")
    await li.sees("李女士，谢谢您")
    kept = await world.desk(lambda desk: desk.session.get_one(SignOff, signed))
    assert kept.outcome == "good"

    summary = estate.old("O'Neill", "send:*")
    await estate.taps("O'Neill", "send:*")  # it does not say which state of the draft it shows: that is shown again
    await until_it_says(world, summary, "It would now be sent like this")
    answer = await estate.people["O'Neill"].taps(summary, "✅ Send")
    tea = number_of(answer)
    assert tea > max(estate.book["requests"].values())
    await estate.screen("Butlers").sees(f"#{tea} · ")

    await estate.taps("Smith", "service:shoe_shine")
    await at(estate.people["Smith"], "shoe_shine", 1)
    await estate.taps("李", "service:repair")
    await at(li, "repair", 1, language="zh_Hans")
    await _the_draft_in_the_middle_goes_on(estate)
    await left_in_order(world, LATE)


async def _the_draft_in_the_middle_goes_on(estate: Estate) -> None:
    maria = estate.people["Иванова"]
    await maria.writes("It is the one on the left")
    await rested(estate.world)
    await estate.taps("Иванова", "answer:*:3:skip")
    await chooses(maria, "🔧 Repairs · 5 of 5", "As soon as possible")
    number = number_of(
        await chooses(maria, "Is everything correct? Tap Send and I will pass it on at once.", "✅ Send")
    )
    card = await estate.groups["Maintenance"].sees(f"#{number} · ")
    assert "The shutter is stuck" in card.text
    beneath = await estate.world.telegram.until(
        lambda: [message for message in estate.new("Maintenance") if message.media and message.reply_to is card]
    )
    assert [message.text for message in beneath] == ["the shutter"]


@pytest.mark.parametrize("database_url", [A_FILE], indirect=True)
async def test_no_old_button_is_dead(estate: Estate) -> None:
    """Whatever still hangs under an old message is known today, and answered, and nothing is set aside."""
    unknown = {words(language).text("This button is no longer in use.") for language in languages()}
    await rested(estate.world)
    members, menus = {"Butlers": "Bo", "Maintenance": "Anna"}, set[str]()
    for name in (*estate.people, *estate.groups):
        if name == "Zhao":  # who has blocked the bot cannot tap
            continue
        chat = estate.book["chats"][str(estate.screen(name).chat.id)]
        found = {data for kept in chat["messages"] for data in buttons_of(kept)} - menus
        menus |= {data for data in found if data.startswith(("menu:", "service:"))}  # the same in every menu
        for data in sorted(found):
            assert (await estate.taps(members.get(name, name), data, group=name)).text not in unknown, data
    assert menus
    await left_in_order(estate.world, LATE)


# Timers


async def test_every_timer_comes_to_its_time(estate: Estate) -> None:
    world = estate.world

    def left(desk: Desk) -> list[tuple[int | None, str, str]]:
        return list(desk.session.exec(select(Timer.id, Timer.kind, Timer.state).where(Timer.state != TimerState.FIRED)))

    waited = {timer for timer, _, _ in await world.desk(left)}
    await _the_afternoon(estate)
    await _all_is_done_but(estate, estate.number("tomorrow at two"))
    await _the_next_day(estate)
    await _all_is_done_but(estate)
    await _goes_to(estate, _moment(17, 14), _moment(22, 9, 0, 30))
    assert [found for found in await world.desk(left) if found[0] in waited] == []
    for name, question in (
        ("Wang", "Is everything still working well?"),
        ("李", "请问维修后使用是否正常？"),
        ("李", "生日快乐"),
    ):
        shown = [message.text for message in estate.new(name)]
        assert sum(question in text for text in shown) <= 1, shown
    await left_in_order(world, LATE)


async def _the_afternoon(estate: Estate) -> None:
    """What nobody takes is told on, who lies still is asked, and what nobody signed is unsigned."""
    world, number, signed = estate.world, estate.number, estate.number("to be signed and to be asked")
    await _goes_to(estate, _moment(15, 12, 1))
    assert _said(
        estate, "Butlers", f"#{number('open')} · Villa 12A · Enquiries, messages, keys: nobody has taken this yet"
    )
    await _goes_to(estate, _moment(15, 12, 6), _moment(15, 12, 9))
    assert _said(estate, "Chen", f"#{number('open')} · ")
    for name in ("Chen", "林"):
        assert _said(estate, name, f"#{number('gas')} · ")
    assert estate.groups["Butlers"].pinned[-1].text.startswith("📌")
    await _goes_to(estate, _moment(15, 14, 1))
    assert _said(estate, "Bo", f"#{number('claimed')} · ")

    async def outcome() -> str | None:
        found: SignOff = await world.desk(lambda desk: desk.session.get_one(SignOff, signed))
        return found.outcome

    assert await outcome() == "unanswered"
    await estate.taps("李", f"sign:{signed}:good")
    assert await outcome() == "good"


async def _the_next_day(estate: Estate) -> None:
    """The staff's lists, a birthday, the follow-ups that are due, and an appointment made in 0.1.0."""
    world, wang, li = estate.world, estate.people["Wang"], estate.people["李"]
    await _goes_to(estate, _moment(16, 8, 0, 30), _moment(16, 9, 0, 30))
    assert len(_said(estate, "李", "生日快乐")) == 1
    await _goes_to(estate, _moment(16, 10, 11))
    (asked,) = _said(estate, "Wang", "Is everything still working well?")
    await wang.taps(asked, "Yes")
    await until_it_says(world, asked, f"#{estate.number('asked and not answered')}")
    await _goes_to(estate, _moment(16, 13, 45))
    assert _said(estate, "Ben", f"🗓 #{estate.number('tomorrow at two')} · ")
    await _goes_to(estate, _moment(16, 14, 1))
    (asked,) = _said(estate, "李", "请问维修后使用是否正常？")
    await li.taps(asked, "是")


async def _all_is_done_but(estate: Estate, *left: int) -> None:
    """The supervisor does whatever is unfinished: what would ring for days is not looked at here."""

    def unfinished(desk: Desk) -> list[int]:
        found = select(Request.id).where(col(Request.state).in_(UNFINISHED), col(Request.id).not_in(left))
        return [number or 0 for number in desk.session.exec(found)]

    chen = estate.people["Chen"]
    for number in await estate.world.desk(unfinished):
        for move in ("take", "done"):
            assert (await chen.taps_data(chen.last, f"{move}:{number}")).answered
    assert await estate.world.desk(unfinished) == []
