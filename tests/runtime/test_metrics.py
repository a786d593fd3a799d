"""Metrics: what happened is counted once it is committed, and what waits is seen, in the format of Prometheus."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from concierge_bot.desk.ordering import asking
from concierge_bot.desk.queues.timers import TimerKind
from concierge_bot.playground import Fault, FaultKind
from concierge_bot.runtime.health import endpoint, health
from concierge_bot.runtime.observability.metrics import MOST_ERRORS, Metrics
from storage.tables.queues import OutboxMessage, OutboxState, Timer, Urgency
from tests.runtime.harness import Books, free_port, moved_in, only_sqlite, ready_to_send, routine, send_all, until
from tests.support.world import World, newest, opened, tap


class Scraped(dict[tuple[str, frozenset[tuple[str, str]]], float]):
    """The samples of one scrape."""

    @classmethod
    def of(cls, page: str) -> Scraped:
        """What a page says. A page that breaks the format raises ValueError."""
        found = cls()
        for family in text_string_to_metric_families(page):
            assert family.documentation.endswith("."), family.name
            for sample in family.samples:
                found[sample.name, frozenset(sample.labels.items())] = sample.value
        return found

    def value(self, name: str, **labels: str) -> float:
        """One sample of ours."""
        return self[f"concierge_{name}", frozenset(labels.items())]


async def scrape(port: int) -> Scraped:
    """Asks as Prometheus does."""
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/metrics") as answer:
        assert answer.status == 200
        assert answer.content_type == "text/plain"
        return Scraped.of(await answer.text())


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> int:
    """Where metrics are served, each look a fresh one."""
    monkeypatch.setattr(endpoint, "FRESH_FOR", 0.0)
    return free_port()


async def _stand_still(world: World, *, but: tuple[str, ...]) -> None:
    """Stops a part of a concierge on duty."""
    assert world.concierge is not None
    await asyncio.wait(world.concierge.tasks.cancel_all_but("line", *but))


async def test_what_happened_is_counted(
    database_url: str, books: Books, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(database_url, settings={"health_listen": f"127.0.0.1:{port}"}) as world:
        house = await moved_in(world, books, owners=2)
        before = await scrape(port)
        assert before.value("claim_wait_seconds_count", urgency="normal") == 0
        assert before.value("messages_total", outcome="later", urgency="task") == 0

        # A request whose card is flooded once, and which is claimed after seven minutes
        flooded = world.telegram.faults.add(
            Fault(FaultKind.TOO_MANY_REQUESTS, method="sendMessage", chat_id=house.group.id, times=1)
        )
        await send_all(ready_to_send(world.telegram, books, world.clock.now(), house.owners[:1]))
        await until(lambda: flooded.struck)
        world.turn(minutes=7)
        await world.telegram.until(lambda: newest(house.group, "claim:"))
        await tap(world, house.butlers[0], "claim:", house.group)
        await world.telegram.until(lambda: newest(house.group, "onsite:"))

        # An update that a handler fails on for good
        def fail(*_: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(asking, "write", fail)
        await house.owners[1].writes("Hello")
        await house.owners[1].sees("that did not go through")
        await world.telegram.settled()

        after = await scrape(port)
        assert after.value("claim_wait_seconds_count", urgency="normal") == 1
        assert 420 <= after.value("claim_wait_seconds_sum", urgency="normal") < 480
        assert after.value("claim_wait_seconds_bucket", urgency="normal", le="600.0") == 1
        assert after.value("claim_wait_seconds_bucket", urgency="normal", le="300.0") == 0
        assert after.value("claim_wait_seconds_count", urgency="urgent") == 0
        assert after.value("messages_total", outcome="later", urgency="task") == 1
        assert after.value("messages_total", outcome="sent", urgency="task") >= 2
        assert after.value("errors_total", part="delivery", error="RetryAfter") == 1
        assert after.value("updates_total", kind="message", outcome="set_aside") == 1
        assert after.value("errors_total", part="intake", error="ZeroDivisionError") == 3
        assert after.value("updates_total", kind="callback_query", outcome="done") >= 2
        assert after.value("update_duration_seconds_count") == sum(
            value - before.get(key, 0) for key, value in after.items() if key[0] == "concierge_updates_total"
        ) + before.value("update_duration_seconds_count")
        assert after.value("replies_total", method="answerCallbackQuery", outcome="sent") >= 2
        assert after.value("requests_open", state="claimed") == 1
        assert after.value("requests_open", state="open") == 0
        assert after.value("database_up") == 1
        assert after.value("message_duration_seconds_count") >= 3


async def test_what_waits_is_seen_with_its_age(database_url: str, books: Books, port: int) -> None:
    async with opened(database_url, settings={"health_listen": f"127.0.0.1:{port}"}) as world:
        house = await moved_in(world, books)
        await send_all(ready_to_send(world.telegram, books, world.clock.now(), house.owners))
        await world.telegram.until(lambda: newest(house.group, "claim:"))
        await until(lambda: not books.count(OutboxMessage, OutboxMessage.state == OutboxState.WAITING))
        assert (await scrape(port)).value("outbox_waiting", urgency="routine") == 0
        await _stand_still(world, but=("polling",))
        now = world.clock.now()
        hour_ago, tomorrow = now - timedelta(hours=1), now + timedelta(days=1)
        owner = house.owners[0].id
        books.add(
            routine(owner, hour_ago, "old"),
            routine(owner, now, "new"),
            routine(owner, tomorrow, "an announcement whose hour has not come", urgency=Urgency.BULK),
            Timer(key="x", kind=TimerKind.FOLLOW_UP, subject_id=99, due_at=hour_ago, urgency=Urgency.ALARM),
        )
        seen = await scrape(port)
        assert seen.value("outbox_waiting", urgency="routine") == 2
        assert 3600 <= seen.value("outbox_oldest_seconds", urgency="routine") < 3700
        assert seen.value("outbox_waiting", urgency="bulk") == 0
        assert seen.value("outbox_oldest_seconds", urgency="bulk") == 0
        assert seen.value("timers_late") == 1
        assert 3600 <= seen.value("timers_late_oldest_seconds") < 3700
        assert seen.value("requests_open", state="open") == 1
        assert {seen.value("requests_late", promise=promise) for promise in ("claim", "arrive", "done")} == {0}
        assert set(seen) >= {("concierge_heartbeat_age_seconds", frozenset({("part", "clock")}))}
        assert seen.value("heartbeat_age_seconds", part="intake") < 60
        world.turn(days=3)
        late = await scrape(port)
        assert late.value("requests_late", promise="claim") == 1
        assert late.value("inbox_waiting") == 0
        assert late.value("outbox_waiting", urgency="bulk") == 1


async def test_a_late_timer_is_counted_as_it_fires(database_url: str, books: Books, port: int) -> None:
    async with opened(database_url, settings={"health_listen": f"127.0.0.1:{port}"}) as world:
        await world.stop()
        due_at = world.clock.now() - timedelta(hours=2)
        books.add(Timer(key="x", kind=TimerKind.FOLLOW_UP, subject_id=99, due_at=due_at, urgency=Urgency.ALARM))
        await world.start()
        await until(lambda: books.count(Timer, Timer.key == "x", Timer.state == "fired"))
        seen = await scrape(port)
        assert seen.value("timers_fired_total", kind="follow_up", outcome="fired") == 1
        assert seen.value("timer_lateness_seconds_sum") >= 7200
        assert seen.value("timer_lateness_seconds_bucket", le="3600.0") < seen.value("timer_lateness_seconds_count")


@only_sqlite
async def test_a_scrape_waits_for_no_writer_and_none_for_it(
    database_url: str, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint, "FRESH_FOR", 60.0)
    async with opened(database_url, settings={"health_listen": f"127.0.0.1:{port}"}) as world:
        assert world.concierge is not None
        started, go_on = threading.Event(), threading.Event()

        def slow(_: object) -> bool:
            started.set()
            return go_on.wait(10)

        writing = asyncio.ensure_future(world.desk(slow))
        await asyncio.to_thread(started.wait, 10)
        seen = await asyncio.gather(*(scrape(port) for _ in range(20)))
        assert {one.value("database_up") for one in seen} == {1}
        go_on.set()
        assert await writing


@only_sqlite
async def test_where_the_database_is_away_the_rest_is_told(
    database_url: str, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint, "ANSWER_WITHIN", 0.05)
    monkeypatch.setattr(health, "ANSWER_WITHIN", 0.05)
    async with opened(database_url, settings={"health_listen": f"127.0.0.1:{port}"}) as world:
        assert world.concierge is not None
        started, go_on = threading.Event(), threading.Event()

        def slow(_: object) -> bool:
            started.set()
            return go_on.wait(10)

        looking = asyncio.ensure_future(world.concierge.desks.look(slow))
        await asyncio.to_thread(started.wait, 10)
        seen = await scrape(port)
        assert seen.value("database_up") == 0
        assert ("concierge_inbox_waiting", frozenset()) not in seen
        assert seen.value("update_duration_seconds_count") >= 0
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/health") as answer:
            assert (answer.status, await answer.json()) == (503, {"well": False, "database": "TimeoutError"})
        go_on.set()
        await looking


@only_sqlite
async def test_only_loopbacks_own_names_are_answered(database_url: str, port: int) -> None:
    async with (
        opened(database_url, settings={"health_listen": f"127.0.0.1:{port}"}),
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
    ):
        for host, expected in (
            (f"localhost:{port}", 200),
            ("127.0.0.1", 200),
            (f"[::1]:{port}", 200),
            ("evil.example", 403),
            (f"evil.example:{port}", 403),
        ):
            for path in ("/metrics", "/health"):
                async with session.get(path, headers={"Host": host}) as answer:
                    assert (host, answer.status) == (host, expected)


def test_of_very_many_kinds_of_errors_the_later_ones_are_one() -> None:
    metrics = Metrics()
    for number in range(MOST_ERRORS + 20):
        metrics.failed("intake", type(f"Error{number}", (Exception,), {})())
    page, _ = metrics.page("", None)
    seen = Scraped.of(page.decode())
    kinds = [key for key in seen if key[0] == "concierge_errors_total"]
    assert len(kinds) == MOST_ERRORS + 1
    assert seen.value("errors_total", part="intake", error="other") == 20
