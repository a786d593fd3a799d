"""The standing connection to PostgreSQL: LISTEN and NOTIFY between processes, and advisory locks for the leadership."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import psycopg
from sqlalchemy.engine import URL

from concierge_bot.runtime.processes.leadership import Leadership
from concierge_bot.runtime.retries import place_of
from storage.engine.notices import Queue
from storage.engine.unit import CHANNEL, WakeListener

log = logging.getLogger(__name__)

LISTEN_FOR = 0.1
"""Seconds between two looks at what is to be said on the line."""
CHECK = 1.0
"""Seconds between two checks that the line still stands, and two attempts to take a leadership."""
ANSWER_WITHIN = 3.0
HOLDER_PAUSE, OTHERS_PAUSE = 0.1, 1.0
"""Seconds before the next attempt to open the line: who led is the first to ask for it again."""
KEEPALIVES = "-c tcp_keepalives_idle=2 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=2"
"""Has the server notice within four seconds that a machine is gone: then others may lead."""
MOST_CHATS = 200
"""How many chats fit into one notice, of which PostgreSQL takes 8000 bytes."""


class Line:
    """A connection of its own, held for as long as the process lives.

    A leadership is an advisory lock of the session: PostgreSQL frees it when the connection ends, however it ends.
    A process without its connection stops leading at once; for the second until it notices, two may lead, which
    costs a duplicate message and loses none.
    """

    def __init__(self, url: URL, bot_id: int) -> None:
        self._conninfo = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._bot_id = bot_id
        self._leaderships: list[Leadership] = []
        self._on_queue: list[WakeListener] = []
        self._on_sent: list[Callable[[int, int], None]] = []
        self._sent: Counter[int] = Counter()
        self._pid = 0

    def leadership(self, name: str) -> Leadership:
        """Returns a leadership that this process stands for from now on."""
        leadership = Leadership(name)
        self._leaderships.append(leadership)
        return leadership

    def on_queue(self, listener: WakeListener) -> None:
        """Registers a callback for entries in any queue, by any process; called after each gap, too."""
        self._on_queue.append(listener)

    def on_sent(self, listener: Callable[[int, int], None]) -> None:
        """Registers a callback with a chat and the number of messages that another process has sent there."""
        self._on_sent.append(listener)

    def sent(self, chat_id: int, count: int) -> None:
        """Notes sent messages for the other processes, so that all together keep Telegram's limits."""
        self._sent[chat_id] += count

    async def run(self) -> None:
        """Keeps the connection open until it is cancelled."""
        try:
            while True:
                stood = any(leadership.is_leader for leadership in self._leaderships)
                try:
                    await self._call()
                except (psycopg.Error, OSError, TimeoutError) as error:
                    log.warning("the line to the database is gone: %s", place_of(error))
                stood = self._leave() or stood
                await asyncio.sleep(HOLDER_PAUSE if stood else OTHERS_PAUSE)
        finally:
            self._leave()

    def _leave(self) -> bool:
        held = [leadership for leadership in self._leaderships if leadership.is_leader]
        for leadership in held:
            leadership.change(is_leader=False)
        return bool(held)

    async def _call(self) -> None:
        """Connects and serves the connection. Raises psycopg.Error, OSError or TimeoutError where it breaks."""
        async with asyncio.timeout(ANSWER_WITHIN):
            connection = await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True, options=KEEPALIVES)
        try:
            self._pid = connection.info.backend_pid
            await self._ask(connection, f"LISTEN {CHANNEL}")
            for queue in Queue:
                self._tell(queue)
            loop = asyncio.get_running_loop()
            check_at = loop.time()
            while True:
                if loop.time() >= check_at:
                    await self._stand(connection)
                    check_at = loop.time() + CHECK
                await self._say(connection)
                async for notice in connection.notifies(timeout=LISTEN_FOR):
                    self._hear(notice)
        finally:
            with suppress(psycopg.Error, OSError, TimeoutError):
                async with asyncio.timeout(ANSWER_WITHIN):
                    await connection.close()

    async def _stand(self, connection: psycopg.AsyncConnection) -> None:
        """Takes each free leadership; where there is none, checks that the connection still answers."""
        free = [leadership for leadership in self._leaderships if not leadership.is_leader]
        if not free:
            await self._ask(connection, "SELECT 1")
        for leadership in free:
            key = f"{self._bot_id}:{leadership.name}"
            # Two numbers, not one: a space of keys of its own.
            if await self._ask(connection, "SELECT pg_try_advisory_lock(hashtext('concierge'), hashtext(%s))", key):
                leadership.change(is_leader=True)

    async def _say(self, connection: psycopg.AsyncConnection) -> None:
        while self._sent:
            some = dict(self._sent.most_common(MOST_CHATS))
            self._sent.subtract(some)
            self._sent += Counter()  # forgets those of which there are none left
            said = "sent " + " ".join(f"{chat_id}:{count}" for chat_id, count in some.items())
            await self._ask(connection, "SELECT pg_notify(%s, %s)", CHANNEL, said)

    async def _ask(self, connection: psycopg.AsyncConnection, question: str, *facts: str) -> object:
        async with asyncio.timeout(ANSWER_WITHIN):
            cursor = await connection.execute(question.encode(), facts or None)
            row = await cursor.fetchone() if cursor.description else None
            return row[0] if row else None

    def _hear(self, notice: psycopg.Notify) -> None:
        word, *facts = notice.payload.split()
        if word == "sent" and notice.pid != self._pid:
            for fact in facts:
                chat_id, count = map(int, fact.split(":"))
                for listener in self._on_sent:
                    listener(chat_id, count)
        elif word in set(Queue):
            self._tell(Queue(word), datetime.fromisoformat(facts[0]) if facts else None)

    def _tell(self, queue: Queue, at: datetime | None = None) -> None:
        for listener in self._on_queue:
            listener(queue, at)
