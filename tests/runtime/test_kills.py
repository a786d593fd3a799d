"""`kill -9` at every stage of a request, and at random ones; SIGTERM when nothing is easy."""

from __future__ import annotations

import random
import time
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlmodel import col

from concierge_bot.playground import Fault, FaultKind, Message
from storage.tables.queues import Card, InboxState, InboxUpdate, OutboxMessage, OutboxState, Timer, TimerState
from storage.tables.requests import Draft, FollowUp, Request, RequestEvent, RequestState
from storage.tables.rows import row_id
from tests.runtime.harness import only_sqlite, send_all, send_button, texts, until
from tests.runtime.process import Living, Zygote, living

pytestmark = pytest.mark.timeout(900)

CARD = "the tap drips"
"""The owner's words: the card has them, and the board has not, which may be sent in between."""


def _cards(bot: Living, number: int) -> list[Message]:
    """The messages in the group that are cards of a request, the oldest first."""
    shown = bot.house.group.chat.messages.values()
    return [message for message in shown if message.text.startswith(("🔑", "🔧")) and f"#{number} " in message.text]


def _events(bot: Living) -> list[str]:
    return [event.kind for event in bot.books.all(RequestEvent)]


@only_sqlite
async def test_a_request_survives_a_kill_at_every_stage(tmp_path: Path, database_url: str, zygote: Zygote) -> None:
    async with living(tmp_path, database_url, zygote, butlers=2) as bot:
        group, owner, (anna, ben) = bot.house.group, bot.house.owners[0], bot.house.butlers
        ready = bot.ready()
        with bot.books.desk(bot.bot.clock) as desk:
            draft = desk.session.get_one(Draft, 1)
            draft.service, draft.step = "repair", 5
            draft.answers = {
                "kind": {"choice": "water"},
                "urgency": {"choice": "minor"},
                "what": {"text": CARD},
                "files": {"skipped": True},
                "when": {"soon": True},
            }
            ready = [(owner, ready[0][1], send_button(desk, draft))]

        # Right when the update is handed out
        handed_out = len(bot.telegram.requests_of("getUpdates"))
        before = bot.strikes(FaultKind.DROP_BEFORE, "sendMessage", group.id, text=CARD)
        await send_all(ready)
        await bot.telegram.until(lambda: len(bot.telegram.requests_of("getUpdates")) > handed_out)
        await bot.bot.kill()
        await bot.start()

        # Right before the card, and right after it, with the answer lost
        await bot.killed_at(before)
        await bot.killed_at(bot.strikes(FaultKind.DROP_AFTER, "sendMessage", group.id, text=CARD))
        await until(lambda: len(_cards(bot, 1)) == 2)
        assert bot.books.count(Request) == 1
        twin, card = _cards(bot, 1)

        # Between the claim and its edit; the twin is mended by a tap, and takes nothing from the one who has it
        edit = bot.strikes(FaultKind.DROP_BEFORE, "editMessageText", group.id, text=CARD)
        await anna.taps_data(card, "claim:1", wait=False)
        await bot.killed_at(edit)
        await bot.telegram.until(lambda: f"Taken by {anna.name}" in card.text)
        assert (await ben.taps_data(twin, "claim:1")).text.startswith(f"Taken by {anna.name}")  # type: ignore[union-attr]
        await bot.telegram.until(lambda: f"Taken by {anna.name}" in twin.text)

        # Between done and its edit
        edit = bot.strikes(FaultKind.DROP_BEFORE, "editMessageText", group.id, text=CARD)
        await anna.taps_data(card, "done:1", wait=False)
        await bot.killed_at(edit)
        await bot.telegram.until(lambda: card.button_texts == ["↶ Undo"])
        assert bot.books.count(FollowUp) == 0
        bot.turn(timedelta(minutes=1))
        await until(lambda: bot.books.count(FollowUp) == 1)
        await bot.telegram.until(lambda: card.buttons == [])
        await until(lambda: not bot.books.count(OutboxMessage, OutboxMessage.state == OutboxState.WAITING))

        # Right before a message to the owner (the follow-up, or another), and right after it, with the answer lost
        await _all_is_sent(bot)
        said = len(texts(bot.telegram, owner.id))
        before = bot.strikes(FaultKind.DROP_BEFORE, "sendMessage", owner.id)
        bot.turn(timedelta(days=2))
        await bot.killed_at(before)
        await bot.killed_at(bot.strikes(FaultKind.DROP_AFTER, "sendMessage", owner.id))
        await until(lambda: "signed_off" in _events(bot))
        await _all_is_sent(bot)
        came = Counter(texts(bot.telegram, owner.id)[said:])
        assert sorted(came.values()) == [*[1] * (len(came) - 1), 2]  # the one whose answer was lost
        asked = next(message for message in owner.screen() if "still working well?" in message.text)
        await owner.taps_data(asked, "followup:1:yes")
        assert (await owner.taps_data(asked, "followup:1:yes")).text == "We already have your answer. Thank you!"

        steps = [
            "sent",
            "claimed",
            "done",
            "done_told",
            "follow_up_asked",
            "signed_off",
            "follow_up_answered",
            "closed",
        ]
        assert _events(bot) == steps
        assert bot.books.one(Request).claimed_by is not None
        assert len(_cards(bot, 1)) == 2
        assert _left_behind(bot) == (0, 0, 0)
        assert bot.telegram.violations == []


def _is_tried(bot: Living, sent: int) -> bool:
    """Whether a call is under way, or a message was tried since so many were."""
    return bool(bot.telegram._server.active) or len(bot.telegram.requests_of("sendMessage")) > sent


async def _all_is_sent(bot: Living) -> None:
    """Waits until nothing is on its way that is not noted."""
    await until(lambda: not bot.books.count(OutboxMessage, OutboxMessage.state == OutboxState.WAITING))


def _left_behind(bot: Living) -> tuple[int, int, int]:
    """Updates not done, messages dead, timers failed."""
    return (
        bot.books.count(InboxUpdate, InboxUpdate.state.in_([InboxState.WAITING, InboxState.FAILED])),  # type: ignore[attr-defined]
        bot.books.count(OutboxMessage, OutboxMessage.state == OutboxState.DEAD),
        bot.books.count(Timer, Timer.state == TimerState.FAILED),
    )


def _noted(bot: Living) -> dict[int, int]:
    """The requests whose card the database knows, and how many messages in the group show each."""
    known = bot.books.all(Card, Card.reader == "team", col(Card.message_id).is_not(None))
    return {card.subject_id: len(_cards(bot, card.subject_id)) for card in known}


async def _some_are_claimed(bot: Living, chance: random.Random) -> set[int]:
    """All butlers tap at once, on the cards that chance picks. Returns the numbers of their requests."""
    claimed: set[int] = set()
    for message in list(bot.house.group.chat.messages.values()):
        for row in message.buttons:
            data = row[0].data or ""
            if data.startswith("claim:") and chance.random() < 0.5:
                claimed.add(int(data.split(":")[1]))
                for butler in bot.house.butlers:
                    await butler.taps_data(message, data, wait=False)
    return claimed


KILLS = 5
"""`make chaos` has two hundred, by a schedule."""


@pytest.mark.parametrize("seed", [1])
async def test_five_kills_at_random_lose_and_double_nothing(
    tmp_path: Path, database_url: str, zygote: Zygote, seed: int
) -> None:
    chance = random.Random(seed)
    async with living(tmp_path, database_url, zygote, owners=30, butlers=3) as bot:
        bot.telegram.faults.add(Fault(FaultKind.DELAY, seconds=0.02))
        ready = bot.ready()
        waiting = list(ready)
        claimed: set[int] = set()
        noted: dict[int, int] = {}
        for round_ in range(KILLS):
            for owner, summary, data in [waiting.pop() for _ in range(6)]:
                await owner.taps_data(summary, data, wait=False)
                await owner.taps_data(summary, data, wait=False)  # an impatient thumb
            claimed |= await _some_are_claimed(bot, chance)
            call = len(bot.telegram.calls) + chance.randrange(1, 60)
            with suppress(TimeoutError):  # there may be less to do
                await until(lambda call=call: len(bot.telegram.calls) >= call, 5)  # type: ignore[misc]
            if round_ == KILLS // 2:
                await until(lambda: _noted(bot))  # by chance, none of the kills need be after that
            await bot.bot.kill()
            bot.kills += 1
            noted = _noted(bot) | noted
            await bot.start()
        bot.telegram.faults.clear()
        await until(lambda: bot.books.count(Request) == 30 and not bot.telegram.waiting, 300)
        await until(lambda: not bot.books.count(InboxUpdate, InboxUpdate.state == InboxState.WAITING), 300)
        await until(lambda: not bot.books.count(OutboxMessage, OutboxMessage.state == OutboxState.WAITING), 300)
        requests = bot.books.all(Request)
        assert len({request.person_id for request in requests}) == 30
        events = Counter((event.request_id, event.kind) for event in bot.books.all(RequestEvent))
        assert set(events.values()) == {1}
        taken = {request.id for request in requests if request.state == RequestState.CLAIMED}
        assert taken == claimed
        cards = {request.id: _cards(bot, row_id(request)) for request in requests}
        assert [number for number, found in cards.items() if not found] == []
        print(f"{bot.kills} kills, {sum(len(found) - 1 for found in cards.values())} doubled cards")
        assert noted
        assert {number: len(cards[number]) for number in noted} == noted  # what was noted is never sent again
        for number in taken:
            assert "Taken by" in cards[number][-1].text
        assert _left_behind(bot) == (0, 0, 0)


SLOW = 0.15
"""Seconds by which a slow Telegram delays each answer."""


@only_sqlite
async def test_sigterm_ends_it_within_five_seconds_whatever_happens(
    tmp_path: Path, database_url: str, zygote: Zygote
) -> None:
    async with living(tmp_path, database_url, zygote, owners=100) as bot:
        for misfortune in (
            None,
            Fault(FaultKind.DELAY, seconds=SLOW),
            Fault(FaultKind.DELAY, seconds=20),
            Fault(FaultKind.DOWN),
        ):
            if misfortune is not None:
                bot.telegram.faults.add(misfortune)
            if misfortune is not None and misfortune.seconds == SLOW:  # once: a second wish would be another request
                await send_all(bot.ready())
                await until(lambda: bot.books.count(Request) > 10)
            else:
                sent = len(bot.telegram.requests_of("sendMessage"))
                bot.books.add(
                    OutboxMessage(
                        chat_id=bot.house.owners[0].id,
                        method="sendMessage",
                        params={"text": "good evening"},
                        created_at=bot.now,
                        not_before=bot.now,
                    )
                )
                await until(partial(_is_tried, bot, sent))
            began = time.monotonic()
            assert await bot.bot.stop() == 0
            assert time.monotonic() - began < 5
            bot.telegram.faults.clear()
            await bot.start()
        await until(lambda: bot.books.count(Request) == 100, 300)
        await _all_is_sent(bot)
        log = bot.bot.log_file.read_text()
        assert "Traceback" not in log
        assert bot.telegram.token not in log


@only_sqlite
async def test_the_command_itself_starts_stops_and_keeps_its_token_to_itself(tmp_path: Path, database_url: str) -> None:
    async with living(tmp_path, database_url) as bot:
        await bot.house.owners[0].writes("/menu")
        await bot.house.owners[0].sees("How may we be of service?")
        status, said = await bot.bot.command("run")
        assert status == 1
        assert said.startswith("concierge: Another concierge is on duty with this database.")
        bot.telegram.faults.add(Fault(FaultKind.DOWN))
        await until(lambda: "no updates" in bot.bot.log_file.read_text())
        assert await bot.bot.stop() == 0
        log = bot.bot.log_file.read_text()
        assert "the concierge is on duty" in log
        assert "Traceback" not in log
        assert bot.telegram.token not in log
