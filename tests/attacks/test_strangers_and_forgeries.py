"""Strangers and forgeries: whatever a phone may send, nobody gets in, nothing changes, and everybody is answered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from sqlmodel import SQLModel, select

from concierge_bot.desk.context import Desk
from concierge_bot.playground import Message, Person
from storage.tables.people import Membership, StaffChat, Villa
from storage.tables.people import Person as Known
from storage.tables.queues import Card
from storage.tables.requests import Attachment, Draft, FollowUp, Request, RequestEvent
from tests.support.cast import Cast, begins, heading, on_stage, rested, until_it_says
from tests.support.world import World, forged_tap, order_repair

ALL = (Known, Villa, StaffChat, Membership, Card, Request, RequestEvent, Draft, Attachment, FollowUp)
WANDERING = frozenset({"opened_at", "blocked_at", "phone_language"})
"""Facts that anybody's writing to the bot may change: about themselves."""

UNREADABLE = [
    ":",
    "::::::",
    "noise",
    "x" * 64,
    "😀" * 16,
    "服务:1",
    "\x00\x01\x02",
    "a\x00b",
    "\ufffd\u202e:1",
    "claim",
    "claim:",
    "claim:abc",
    "claim:-1",
    "claim:１",
    "claim:٣",
    "claim:1:1",
    "claim:1\n",
    " claim:1",
    "CLAIM:1",
    "claim:1.0",
    "claim:1e3",
    "claim:" + "9" * 58,
    "claim:2147483648",
    "claim:9223372036854775808",
    "seen:99999999999",
    "send:99999999999",
    "followup:99999999999:yes",
    "assignto:1:99999999999",
    "answer:99999999999:0:soon",
    "answer:1:-1:soon",
    "answer:1:0",
    "answer:1:0:a b",
    "month:1:0:2026/07",
    "lang:zh:zh",
    "menu:main:1",
    "%(x)s",
    "<b>",
    "'; DROP TABLE requests; --",
]
"""What no button of ours carries."""

UNKNOWN = [
    "claim:0",
    "claim:999999999",
    "onsite:999999999",
    "done:999999999",
    "release:999999999",
    "cancel:999999999",
    "cancelsure:999999999",
    "show:999999999",
    "seen:999999999",
    "assign:999999999",
    "assignto:999999999:999999999",
    "assignback:999999999",
    "followup:999999999:yes",
    "send:999999999",
    "giveup:999999999",
    "back:999999999:0",
    "answer:999999999:0:soon",
    "answer:0:999999999:",
    "month:999999999:0:2026-07",
    "menu:nowhere",
    "menu:",
    "service:nothing",
    "service:",
    "profile:nothing",
    "profile:m13",
    "profile:d0-1",
    "profile:d1-32",
    "title:king",
    "staffchat:thieves",
    "chatlang:xx",
    "lang:xx",
]
"""Taps that could be ours, about what does not exist."""


def _of_the_staff(number: int) -> list[str]:
    return [
        *(f"{action}:{number}" for action in ("claim", "onsite", "done", "release", "seen", "assign", "assignback")),
        f"assignto:{number}:1",
        "staffchat:maintenance",
        "chatlang:zh",
    ]


def _of_the_owner(number: int, draft: int) -> list[str]:
    return [
        *(f"{action}:{number}" for action in ("cancel", "cancelsure", "show")),
        *(f"followup:{number}:{said}" for said in ("yes", "no", "maybe")),
        *(
            f"answer:{draft}:{step}:{value}"
            for step in (0, 1, 2)
            for value in ("3", "soon", "skip", "keep", "d2026-07-01")
        ),
        f"month:{draft}:1:2026-07",
        f"back:{draft}:0",
        f"back:{draft}:1",
        f"send:{draft}",
        f"giveup:{draft}",
    ]


ABOUT_ONESELF = [
    "service:repair",
    "menu:main",
    "menu:requests",
    "menu:profile",
    "profile:birthday",
    "title:dr",
    "lang:zh",
]
"""What an owner may tap in their own chat, and nobody anywhere else."""


async def _everything(world: World) -> dict[str, list[dict[str, Any]]]:
    """All that people rely on, as it stands in the database."""
    await rested(world)

    def read(desk: Desk) -> dict[str, list[dict[str, Any]]]:
        return {table.__name__: sorted(_rows(desk, table), key=lambda row: row["id"]) for table in ALL}

    found: dict[str, list[dict[str, Any]]] = await world.desk(read)
    return found


def _rows(desk: Desk, table: type[SQLModel]) -> Iterable[dict[str, Any]]:
    for row in desk.session.exec(select(table)).all():
        yield {key: value for key, value in row.model_dump().items() if key not in WANDERING}


async def _forges(world: World, person: Person, message: Message, forged: Iterable[str]) -> None:
    """Taps all of it; each tap is answered by a sentence, or by a message that says something else now."""
    for data in forged:
        before = (message.text, len(person.screen()))
        answer = await person.taps_data(message, data)
        assert answer.answered, data
        if not answer.text:
            await _until_told(world, person, message, before)


async def _until_told(world: World, person: Person, message: Message, before: tuple[str, int]) -> None:
    await world.telegram.until(
        lambda: "That page is no longer current" in message.text or (message.text, len(person.screen())) != before
    )


async def _busy(world: World) -> tuple[Cast, int, int]:
    """Wang has a repair that Anna has claimed, and is putting something else together."""
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    card = await cast.maintenance.sees(f"#{number} · Villa 8 · Repairs")
    await cast.anna.taps(card, "Claim")
    await until_it_says(world, card, "Taken by Anna")
    shown = await begins(cast.wang, "shoe_shine")
    draft = int(str(shown.buttons[-1][0].data).split(":")[1])
    return cast, number, draft


async def test_what_cannot_be_read_is_refused_to_everybody(world: World) -> None:
    cast, number, _ = await _busy(world)
    stranger = world.telegram.person("Stranger")
    await stranger.starts()
    private = await stranger.sees("This is the private concierge of our residents.")
    card = await cast.maintenance.sees(f"#{number} · Villa 8 · Repairs")
    before = await _everything(world)
    for person, shown in (
        (stranger, private),
        (cast.wang, await cast.wang.sees(f"#{number} · Repairs")),
        (cast.anna, card),
        (cast.chen, card),
        (cast.chen, cast.chen.last),
    ):
        for data in UNREADABLE:
            answer = await person.taps_data(shown, data)
            assert answer.text == "This button is no longer in use.", (person, data)
    assert await _everything(world) == before
    assert "Taken by Anna" in card.text


async def test_another_owners_request_and_draft_are_not_there(world: World) -> None:
    cast, number, draft = await _busy(world)
    li = await world.owner("Li", villa="9")
    await li.writes("/menu")
    shown = await li.sees("How may we be of service?")
    before = await _everything(world)
    await _forges(world, li, shown, [*_of_the_owner(number, draft), *_of_the_staff(number)])
    for data in (f"cancel:{number}", f"cancelsure:{number}", f"show:{number}", f"followup:{number}:no"):
        answer = await li.taps_data(shown, data)
        assert (answer.text, answer.alert) == ("There is no such request.", True)
    assert await _everything(world) == before
    assert not [message for message in li.screen() if f"#{number}" in message.text]
    assert [message for message in cast.wang.screen() if heading("shoe_shine", 1) in message.text]
    await li.writes("/requests")
    await li.sees("You have no requests yet. We are at your service.")


async def test_an_owner_plays_no_butler(world: World) -> None:
    cast, number, _ = await _busy(world)
    shown = await cast.wang.sees(f"#{number} · Repairs")
    before = await _everything(world)
    await _forges(
        world, cast.wang, shown, [*_of_the_staff(number), *(data for data in UNKNOWN if "profile" not in data)]
    )
    after = await _everything(world)
    assert after == before
    await until_it_says(world, shown, "How may we be of service?")


async def test_an_owners_forged_birthday_is_a_day_of_the_calendar(world: World) -> None:
    wang = await world.owner("Wang")
    await wang.writes("/profile")
    shown = await wang.sees("Birthday: not given")
    before = await _everything(world)
    await _forges(world, wang, shown, [data for data in UNKNOWN if "profile" in data])
    assert await _everything(world) == before
    await wang.taps_data(shown, "profile:d2-31")
    await wang.sees("Birthday: 29 February")


async def test_staff_play_no_owner(world: World) -> None:
    cast, number, draft = await _busy(world)
    card = await cast.maintenance.sees(f"#{number} · Villa 8 · Repairs")
    await cast.anna.starts()
    private = await cast.anna.sees("Requests appear in the staff chat")
    before = await _everything(world)
    forged = [*_of_the_owner(number, draft), *ABOUT_ONESELF[:-1], *UNKNOWN]
    await _forges(world, cast.anna, card, [*forged, "lang:zh"])
    await _forges(world, cast.anna, private, forged)
    await _forges(world, cast.chen, card, [data for data in forged if data != "staffchat:thieves"])
    assert await _everything(world) == before
    assert "Taken by Anna" in card.text
    assert card.button_texts == ["Anna has it", "📍 On site", "✅ Done", "Propose another time", "Release"]


async def test_a_stranger_gets_in_nowhere(world: World) -> None:
    cast, number, draft = await _busy(world)
    stranger = world.telegram.person("Stranger")
    await stranger.starts()
    private = await stranger.sees("This is the private concierge of our residents.")
    before = await _everything(world)
    everything = [*_of_the_owner(number, draft), *_of_the_staff(number), *ABOUT_ONESELF, *UNKNOWN]
    for data in everything:
        answer = await stranger.taps_data(private, data)
        assert answer.answered, data
    assert await _everything(world) == before
    for message in stranger.screen():
        assert not message.buttons
        assert "Wang" not in message.text
        assert "Repairs" not in message.text
    assert cast.wang.last.button_texts


async def test_somebody_outside_the_group_taps_in_vain(world: World) -> None:
    cast, number, draft = await _busy(world)
    card = await cast.maintenance.sees(f"#{number} · Villa 8 · Repairs")
    li = await world.owner("Li", villa="9")
    stranger = world.telegram.person("Stranger")
    before = await _everything(world)
    for person in (li, stranger, cast.bo):
        for data in (*_of_the_owner(number, draft), *_of_the_staff(number), *ABOUT_ONESELF, *UNKNOWN, *UNREADABLE):
            world.telegram.inject(forged_tap(person, card, data))
    assert await _everything(world) == before
    assert "Taken by Anna" in card.text
    assert card.button_texts == ["Anna has it", "📍 On site", "✅ Done", "Propose another time", "Release"]


async def test_a_stranger_leaves_nothing_behind(world: World) -> None:
    await on_stage(world)
    stranger = world.telegram.person("Stranger")
    await stranger.starts()
    before = await _everything(world)
    written = await stranger.writes("The tap drips")
    for send in (
        stranger.sends_photo(caption="Look"),
        stranger.sends_voice(),
        stranger.sends_document(),
        stranger.sends_sticker(),
        stranger.sends_location(31.2, 121.5),
        stranger.sends_contact("+8613800000000"),
        stranger.writes("/cancel"),
        stranger.writes("/profile"),
        stranger.writes("/language"),
        stranger.writes("/start " + "x" * 64),
        stranger.writes("/start ../../etc/passwd"),
    ):
        sent = await send
        await stranger.sees("service centre of your estate", after=sent)
    await stranger.sends_album([b"one", b"two"])
    await stranger.edits(written, "The tap drips!")
    assert await _everything(world) == before


async def test_commands_of_supervisors_do_nothing_for_others(world: World) -> None:
    cast = await on_stage(world)
    await rested(world)
    before = await _everything(world)
    for person, chat in ((cast.anna, cast.maintenance), (cast.bo, cast.butlers)):
        sent = await person.writes("/staffchat butlers", chat=chat)
        await chat.sees("Only a supervisor can do this.", after=sent)
    for text in ("/staffchat", "/staffchat butlers", "/staffchat <b>"):
        sent = await cast.wang.writes(text)
        await cast.wang.sees("Only a supervisor can do this.", after=sent)
    sent = await cast.chen.writes("/staffchat butlers")
    await cast.chen.sees("Please send this command in your staff group.", after=sent)
    sent = await cast.chen.writes("/staffchat <thieves> & %s", chat=cast.butlers)
    teams = "Butlers (butlers), Maintenance (maintenance)"
    await cast.butlers.sees(f"There is no such team. The teams are: {teams}.", after=sent)
    after = await _everything(world)
    assert after["StaffChat"] == before["StaffChat"]


async def test_taps_under_a_message_that_is_gone_are_answered(world: World) -> None:
    wang = await world.owner("Wang")
    shown = await begins(wang, "shoe_shine")
    await wang.deletes(shown)
    before = len(wang.screen())
    data = [str(button.data) for row in shown.buttons for button in row]
    answer = await wang.taps_data(shown, data[0])
    assert answer.answered
    await wang.sees(heading("shoe_shine", 2))
    assert len(wang.screen()) == before + 1


@pytest.mark.parametrize("what", ["without a message", "of an inline message"])
async def test_taps_out_of_nowhere_disturb_nobody(world: World, what: str) -> None:
    wang = await world.owner("Wang")
    user = {"id": wang.id, "is_bot": False, "first_name": "Wang"}
    tap: dict[str, Any] = {"id": "1", "from": user, "chat_instance": "1", "data": "service:repair"}
    if what == "of an inline message":
        tap["inline_message_id"] = "AQAA"
    before = await _everything(world)
    world.telegram.inject({"callback_query": tap})
    assert await _everything(world) == before
    await begins(wang, "repair")
