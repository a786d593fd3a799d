"""The onlooker's actions behind the phones: turning the clock, breaking things, bringing new people."""

from __future__ import annotations

from aiohttp import web

from concierge_bot.playground.page.breakage import Breakage
from concierge_bot.playground.page.fields import Fields
from concierge_bot.playground.page.guard import Handler, done
from concierge_bot.playground.page.hub import Hub
from concierge_bot.playground.page.snapshot import Snapshot
from concierge_bot.playground.page.stage import Invitation, Role, Stage, Turn
from concierge_bot.playground.page.watched import WatchedPlayground

MANY_PEOPLE = 16
NAME_LIMIT = 64


class Direction:
    """Handlers of the page's API."""

    def __init__(
        self, telegram: WatchedPlayground, stage: Stage, snapshot: Snapshot, breakage: Breakage, hub: Hub
    ) -> None:
        self._telegram = telegram
        self._stage = stage
        self._snapshot = snapshot
        self._breakage = breakage
        self._hub = hub

    def handlers(self) -> dict[str, Handler]:
        """Returns the handlers by the last part of their address."""
        return {
            "turn": self.turn,
            "fault": self.fault,
            "bot": self.bot,
            "redeliver": self.redeliver,
            "person": self.person,
            "invite": self.invite,
        }

    async def turn(self, request: web.Request) -> web.StreamResponse:
        """Turns the clock."""
        fields = await Fields.of(request)
        await self._stage.turn(Turn(fields.text("how")))
        await self._hub.look()
        return done()

    async def fault(self, request: web.Request) -> web.StreamResponse:
        """Breaks something, or mends it."""
        fields = await Fields.of(request)
        self._breakage.set(fields.text("kind"), broken=fields.flag("broken"))
        await self._hub.look()
        return done()

    async def bot(self, request: web.Request) -> web.StreamResponse:
        """Kills the bot, or starts it."""
        fields = await Fields.of(request)
        await (self._stage.start_bot() if fields.flag("running") else self._stage.kill_bot())
        await self._hub.look()
        return done()

    async def redeliver(self, _request: web.Request) -> web.StreamResponse:
        """Hands out the last update a second time."""
        return done(update=self._telegram.redeliver())

    async def person(self, request: web.Request) -> web.StreamResponse:
        """Brings somebody new, with an invitation perhaps."""
        fields = await Fields.of(request)
        if len(self._telegram.people) >= MANY_PEOPLE:
            raise PermissionError("that is enough people")
        name = fields.text("name", NAME_LIMIT).strip()
        kind = fields.text_or_empty("kind") or "guest"
        code = await self._code(kind, fields, name)
        person = self._telegram.person(name, language_code=fields.text_or_empty("language", 16) or None)
        self._snapshot.newcomers[person.id] = _role(kind, fields)
        if code is not None:
            self._snapshot.codes[person.id] = code
        self._hub.people_changed()
        return done(person=person.id)

    async def invite(self, request: web.Request) -> web.StreamResponse:
        """Makes an invitation's link."""
        fields = await Fields.of(request)
        code = await self._code(fields.text("kind"), fields, fields.text("name", NAME_LIMIT).strip())
        return done(link=f"https://t.me/{self._telegram.bot.username}?start={code}")

    async def _code(self, kind: str, fields: Fields, name: str) -> str | None:
        if kind == "owner":
            villa = fields.text("villa", NAME_LIMIT).strip()
            invitation = Invitation(name, villa, fields.text_or_empty("title") or None)
        elif kind == "supervisor":
            invitation = Invitation(name)
        else:
            return None
        return await self._stage.invite(invitation)


def _role(kind: str, fields: Fields) -> Role:
    if kind == "owner":
        return Role(kind, f"Owner · Villa {fields.text('villa', NAME_LIMIT).strip()}")
    return Role(kind, "Supervisor") if kind == "supervisor" else Role("guest", "Guest")
