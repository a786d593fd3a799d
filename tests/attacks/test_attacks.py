"""Whatever is tried: the right words are read, nothing changes in the books, and that it was refused is kept."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from concierge_bot.commands import invite as inviting
from concierge_bot.desk.capabilities import CAPABILITIES
from handlers.routing.conversation import Tapped
from handlers.routing.dispatcher import dispatcher
from storage.tables.people import Invite
from tests.attacks import buttons, commands, forgeries, ruses
from tests.attacks.estate import settle
from tests.attacks.row import HOME, MAINTENANCE, NO_INVITATION, NO_REQUEST, ONLY_TEAM, USED_INVITATION, says, tap
from tests.attacks.siege import Siege
from tests.rights.table import lines
from tests.runtime.harness import Books
from tests.support.cast import left_in_order, rested
from tests.support.world import World
from tests.support.world import tap as tap_

pytestmark = pytest.mark.timeout(1_800)


@pytest.fixture
def books(database_url: str) -> Iterator[Books]:
    found = Books(database_url)
    yield found
    found.close()


@pytest.fixture
async def siege(world: World, books: Books, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Siege]:
    monkeypatch.setattr("concierge_bot.desk.people.refusals.MOST_A_DAY", 1_000)
    yield Siege(await settle(world, books))
    await left_in_order(world)


def test_no_button_is_forgotten() -> None:
    assert set(buttons.BUTTONS) == set(CAPABILITIES.taps)
    assert all(data.partition(":")[0] == word for word, (data, _) in buttons.BUTTONS.items())


def test_no_right_is_forgotten() -> None:
    known = {*(f"/{name}" for name in CAPABILITIES.commands), *CAPABILITIES.taps}
    assert {line.action for line in lines()} == known, "a line in tests/rights/rights.txt, and `make rights`"


def test_no_command_is_forgotten() -> None:
    registered = {
        command
        for router in dispatcher().chain_tail
        for handler in router.message.handlers
        for found in handler.filters or ()
        for command in getattr(found.callback, "commands", ())
    }
    assert registered == set(CAPABILITIES.commands)


def test_every_button_has_a_handler() -> None:
    tapped = {
        found.callback.action.name
        for router in dispatcher().chain_tail
        for handler in router.callback_query.handlers
        for found in handler.filters or ()
        if isinstance(found.callback, Tapped)
    }
    assert tapped == set(CAPABILITIES.taps)


async def test_nobody_taps_what_they_may_not(siege: Siege) -> None:
    await siege.withstand(buttons.rows())


async def test_nobody_commands_what_they_may_not(siege: Siege) -> None:
    await siege.withstand(commands.rows())


async def test_what_is_forged_comes_to_nothing(siege: Siege) -> None:
    await siege.withstand(forgeries.rows())


async def test_no_ruse_helps(siege: Siege) -> None:
    await siege.withstand(ruses.rows())


def test_the_table_is_long() -> None:
    rows = [str(row) for table in (buttons, commands, forgeries, ruses) for row in table.rows()]
    assert len(set(rows)) >= 1_000


CODES = (
    "guess",
    "x" * 64,
    "A" * 22,
    "0",
    "-1",
    "../../etc/passwd",
    "' OR ''='",
    "%s",
    "{0}",
    "%(code)s",
    "<b>code</b>",
    "\u202ecode",
    "code\x00",
    "邀请",
    "start start start",
)


async def test_a_code_is_guessed_by_nobody(siege: Siege) -> None:
    estate = siege.estate
    codes = {name: await siege.world.code(inviting.owner(villa="12", surname="Zhao")) for name in ("used", "expired")}
    good = await siege.world.code(inviting.owner(villa="12", surname="Sun", title="mr"))
    with siege.books.session() as session:
        by_hash = {hashlib.sha256(code.encode()).hexdigest(): name for name, code in codes.items()}
        for invite in session.exec(select(Invite)):
            match by_hash.get(invite.code_hash):
                case "used":
                    invite.used_at = siege.world.clock.now()
                case "expired":
                    invite.expires_at = siege.world.clock.now() - timedelta(seconds=1)
    guests = [f"guest{number}" for number in range(len(CODES) + 3)]
    for name in guests:
        estate.people[name] = estate.world.telegram.person(name)
        estate.people[name].chat.started = True
    tried = [*CODES, *codes.values(), good[:-1]]
    told = frozenset({"outbox"})  # whoever has such a link is no stranger: the supervisor learns of it
    await siege.withstand(
        replace(row, said=USED_INVITATION, may_change=told) if code in codes.values() else row
        for name, code in zip(guests, tried, strict=True)
        for row in [says(name, HOME, f"/start {code}", NO_INVITATION, "/start")]
    )
    stubborn = guests[0]
    again = [says(stubborn, HOME, f"/start {code}", NO_INVITATION, "/start") for code in ("one", "two", good, good)]
    await siege.withstand(again)  # after three wrong ones not even the right one is taken for a while
    siege.world.turn(minutes=1, seconds=1)
    person = estate.people[stubborn]
    await person.starts(good)
    await tap_(siege.world, person, "lang:en")
    await person.sees("Welcome, Mr Sun")
    await siege.withstand(
        [
            says(stubborn, HOME, f"/start {good}", "How may we be of service?", None),
            says(stubborn, HOME, "/start guess", "How may we be of service?", "/start"),
            replace(says(guests[1], HOME, f"/start {good}", USED_INVITATION, "/start"), may_change=told),
        ]
    )


async def test_what_was_answered_is_answered_once(siege: Siege) -> None:
    """Replays: the same tap again and again after the end of a request."""
    estate, number = siege.estate, siege.estate.numbers["number"]
    card = estate.message("", MAINTENANCE)
    for data in (f"onsite:{number}", f"done:{number}"):
        await estate.people["anna"].taps_data(card, data)
    await estate.people["wang"].taps_data(estate.message("wang", HOME), f"cancelsure:{estate.numbers['open']}")
    await rested(siege.world)
    done, over = "#%(number)s has already been done (%(time)s).", "The owner cancelled #%(number)s, %(time)s."
    await siege.withstand(
        [
            *(
                tap("anna", MAINTENANCE, f"{word}:{{number}}", done, None)
                for word in ("claim", "onsite", "done", "release")
            ),
            *(tap("anna", MAINTENANCE, f"{word}:{{open}}", over, None) for word in ("claim", "done", "release")),
            *(tap("chen", HOME, f"{word}:{{number}}", done, None) for word in ("take", "assign")),
            tap("chen", HOME, "remind:{number}", "This has already been settled.", None),
        ]
    )


async def test_one_account_fills_no_disk(siege: Siege, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("concierge_bot.desk.people.refusals.MOST_A_DAY", 3)
    kept = [tap("tanaka", HOME, "claim:{number}", NO_REQUEST, "claim") for _ in range(3)]
    not_kept = [tap("tanaka", HOME, "claim:{number}", NO_REQUEST, None) for _ in range(3)]
    await siege.withstand([*kept, *not_kept, tap("cleo", HOME, "claim:{number}", ONLY_TEAM, "claim")])
    siege.world.turn(days=1, minutes=5)
    await rested(siege.world)
    await siege.withstand(kept)
