"""What a real process writes into its log: what was done with its ids, and nobody's name, words, number or chat."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from concierge_bot.playground import Fault, FaultKind
from concierge_bot.runtime.intake.intake import Intake
from storage.tables.queues import InboxState, InboxUpdate, OutboxMessage, OutboxState
from storage.tables.requests import Request
from tests.runtime.harness import only_sqlite, routine, send_all, until
from tests.runtime.process import Living, Zygote, living
from tests.support.world import World, newest

NAME, WORDS, PHONE = "Zaphod", "sesame 9137 opens", "13800138000"
SAID = f"<b>{NAME} says {WORDS}, call {PHONE}"

REFUSE = {
    # PostgreSQL quotes the whole row that breaks a rule.
    "postgresql": "ALTER TABLE drafts ADD CONSTRAINT nobody_says_so CHECK (position('sesame' in answers::text) = 0) "
    "NOT VALID",
    "sqlite": "CREATE TRIGGER nobody_says_so BEFORE UPDATE ON drafts WHEN instr(new.answers, 'sesame') "
    "BEGIN SELECT RAISE(ABORT, 'nobody says so'); END",
}


@pytest.mark.parametrize(
    ("database_url", "form"), [("sqlite", "text"), ("postgresql", "json")], indirect=["database_url"]
)
async def test_a_story_with_all_that_can_go_wrong_leaves_nobody_in_the_log(
    tmp_path: Path, database_url: str, zygote: Zygote, form: str
) -> None:
    settings = {"LOG_FORMAT": form, "HEALTH_LISTEN": "127.0.0.1:0"}
    async with living(tmp_path, database_url, zygote, owners=2, settings=settings) as bot:
        await _story(bot)
        await _trouble(bot)
        assert await bot.bot.stop() == 0
        log = bot.bot.log_file.read_text()
        for secret in _secrets(bot):
            assert not re.search(rf"(?<![0-9A-Za-z]){re.escape(secret)}(?![0-9A-Za-z])", log), secret
        assert "Traceback" not in log
        _tells_what_was_done(_lines(log) if form == "json" else _read(log))


def _secrets(bot: Living) -> list[str]:
    """What must stand nowhere."""
    house = bot.house
    everybody = [*house.owners, *house.butlers, *house.supervisors]
    chats = [person.id for person in everybody] + [house.group.id]
    return [
        *(NAME, WORDS, "sesame", PHONE),
        *(person.name for person in everybody),
        *(str(abs(chat_id)) for chat_id in chats),
        bot.telegram.token,
        bot.telegram.token.split(":")[1],
    ]


async def _story(bot: Living) -> None:
    """A request from the owner's words to a claim; the clock is turned until somebody is told that it is late."""
    owner, butler = bot.house.owners[0], bot.house.butlers[0]
    await owner.writes(SAID)
    await owner.sees("Which service is it for?")
    await send_all(bot.ready()[:1])
    await until(lambda: bot.books.count(Request))
    await bot.tap(butler, "claim:")
    await bot.telegram.until(lambda: newest(bot.house.group, "onsite:"))
    bot.turn(timedelta(days=1))
    await until(lambda: not bot.books.count(OutboxMessage, OutboxMessage.state == OutboxState.WAITING))


async def _trouble(bot: Living) -> None:
    """Telegram refuses and falters, the database refuses a row, and what comes in cannot be read."""
    owner, other = bot.house.owners
    bot.telegram.faults.add(Fault(FaultKind.SERVER_ERROR, method="sendMessage", times=3))
    bot.telegram.faults.add(Fault(FaultKind.TOO_MANY_REQUESTS, method="sendMessage", times=1))
    forbidden = f"Forbidden: {NAME} has blocked the bot"
    bot.telegram.faults.add(
        Fault(FaultKind.FORBIDDEN, method="sendMessage", chat_id=other.id, times=1, description=forbidden)
    )
    bot.books.add(routine(owner.id, bot.now, SAID), routine(other.id, bot.now, SAID))
    with bot.books.session() as session:
        session.connection().exec_driver_sql(REFUSE[session.get_bind().dialect.name])
    await other.writes(SAID)
    await until(lambda: bot.books.count(InboxUpdate, InboxUpdate.state == InboxState.FAILED))
    bot.telegram.inject({"message": {"text": SAID, "from": {"first_name": NAME}}})
    bot.telegram.inject({"no_such_kind": {"text": SAID}})
    await until(lambda: bot.books.count(InboxUpdate, InboxUpdate.state == InboxState.PASSED) >= 2)
    await until(lambda: not bot.books.count(OutboxMessage, OutboxMessage.state == OutboxState.WAITING))


ON_DUTY = ("new database: ", "on duty as ", "database ")
"""What is said on standard output, which goes into the same file here."""


def _logged(log: str) -> list[str]:
    return [line for line in log.splitlines() if not line.startswith(ON_DUTY)]


def _lines(log: str) -> list[dict[str, Any]]:
    """Every line is an object."""
    return list(map(json.loads, _logged(log)))


def _read(log: str) -> list[dict[str, Any]]:
    """The same of lines for people."""
    found = []
    for line in _logged(log):
        head, _, said = line.partition(": ")
        fields = dict(re.findall(r'(\w+)=("[^"]*"|\[[^]]*\]|\S+)', said))
        event = re.split(r" \w+=", said, maxsplit=1)[0]
        numbers = {key: json.loads(value) for key, value in fields.items() if re.fullmatch(r"[\[\d].*", value)}
        found.append({"time": head[:23], "logger": head.split()[-1], "event": event, **fields, **numbers})
    return found


def _tells_what_was_done(lines: list[dict[str, Any]]) -> None:
    assert all(line["event"] and line["time"] and line["logger"] for line in lines)

    def of(event: str, **fields: object) -> list[dict[str, Any]]:
        return [line for line in lines if line["event"] == event and fields.items() <= line.items()]

    claimed = of("update done", kind="callback_query", outcome="done", request_ids=[1])
    assert len(claimed) == 2, "Send, and Claim"
    assert all(line["update_id"] > 0 and line["duration_ms"] > 0 for line in claimed)
    sent = of("message sent", method="sendMessage", urgency="task", request_ids=[1])
    assert sent
    assert all(line["outbox_id"] > 0 and line["duration_ms"] > 0 for line in sent)
    fired = of("timer fired")
    assert {line["timer_kind"] for line in fired} >= {"stale", "birthdays"}
    assert all(line["timer_id"] > 0 and line["late_s"] >= 0 for line in fired)
    failed = of("the update failed", kind="message")
    assert [line["attempt"] for line in failed] == [1, 2, 3]
    assert len({line["update_id"] for line in failed}) == 1
    assert all("IntegrityError" in line["error"] for line in failed)
    assert of("update done", kind="message", outcome="set_aside", update_id=failed[0]["update_id"])
    assert {line["error"] for line in of("message not sent")} >= {"RetryAfter", "Forbidden", "NetworkError"}
    assert of("the update cannot be read", kind="message")
    assert of("update done", kind="no_such_kind", outcome="passed")


@only_sqlite
async def test_a_lane_that_breaks_names_no_chat(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def breaks(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Intake, "_do", breaks)
    person = world.telegram.person(NAME)
    await person.writes(SAID)
    await until(lambda: "ZeroDivisionError" in caplog.text)
    assert str(person.id) not in caplog.text
