"""`concierge doctor`: checks everything that the concierge needs, and says what to do about each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from concierge_bot.catalogue import model as catalogues
from concierge_bot.catalogue.model import Catalogue, CatalogueError
from concierge_bot.desk.cards import chat_troubles
from concierge_bot.desk.context import Desk
from concierge_bot.desk.operations import watchdog
from concierge_bot.desk.people import refusals, staff
from concierge_bot.i18n import languages, words
from concierge_bot.runtime.installation import ConciergeError, Installation, check_schema, clock_of, open_storage
from concierge_bot.runtime.telegram.bot_api import BotApi, BotApiError, WireError
from concierge_bot.settings import Settings, SettingsError
from storage.engine.unit import Storage
from storage.tables.people import Person, StaffChat
from storage.tables.queues import InboxState, InboxUpdate, OutboxMessage, OutboxState, Timer, TimerState
from storage.tables.troubles import Cause, ChatTrouble

LISTED = 5
LATE = timedelta(minutes=1)
RECENT = timedelta(days=7)
"""For how long what went wrong once counts: after that it was seen often enough."""
HIDDEN = "member list is inaccessible"
BARRED = {
    Cause.MUTED: "the bot may not write",
    Cause.TOPIC_CLOSED: "the team's topic is closed",
    Cause.MEMBERS_HIDDEN: "the bot cannot see the members",
}
STUBBORN = 5
"""How many failed attempts make a message worth a look."""


@dataclass(frozen=True)
class Finding:
    """The result of one check: its subject, whether it is well, and what to do where it is not."""

    what: str
    well: bool
    said: str
    is_advice: bool = False
    """Whether the concierge works without it, too."""

    @property
    def mark(self) -> str:
        """Returns the sign at the head of the finding's line."""
        return "✓" if self.well else "!" if self.is_advice else "✗"


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """Runs all checks and yields their findings; a check comes after those that it depends on."""
    try:
        token = settings.token
    except SettingsError as error:
        yield Finding("token", well=False, said=str(error))
        token = None
    else:
        yield Finding("token", well=True, said="has the right form")
    with ExitStack() as stack:
        installation = None
        for finding, found in _at_home(settings, stack):
            installation = found or installation
            yield finding
        if token is None:
            return
        async with BotApi(token, settings.api_url, timeout=10) as api:
            async for finding in _at_telegram(api, settings, installation):
                yield finding


def _at_home(settings: Settings, stack: ExitStack) -> Iterator[tuple[Finding, Installation | None]]:
    try:
        catalogue = catalogues.load(settings.catalogue)
    except CatalogueError as error:
        yield Finding("catalogue", well=False, said=str(error)), None
        return
    yield Finding("catalogue", well=True, said=f"{len(catalogue.services)} services"), None
    yield _languages(settings), None
    yield _phones(catalogue), None
    try:
        storage = stack.enter_context(closing(open_storage(settings)))
        check_schema(storage)
    except ConciergeError as error:
        yield Finding("database", well=False, said=str(error)), None
        return
    installation = Installation(settings, catalogue, storage, clock_of(settings))
    yield Finding("database", well=True, said=f"{storage.url.get_backend_name()}, schema up to date"), installation
    if (open_to_others := _open_to_others(storage)) is not None:
        yield open_to_others, None
    with installation.desk() as desk:
        for check in (_people, _managers, _inbox, _outbox, _groups, _timers, _refusals):
            yield check(desk), None
        yield _signs_of_life(desk, installation.clock.machine()), None


def _open_to_others(storage: Storage) -> Finding | None:
    """Warns where others on the machine may read the database file, as a copied one; None where all is well."""
    file = Path(storage.url.database or "") if storage.is_sqlite else None
    if file is None or not file.is_file() or not file.stat().st_mode & 0o077:
        return None
    said = f"Others on this machine may read {file}: run `chmod 600 {file}*`."
    return Finding("database file", well=False, said=said)


def _languages(settings: Settings) -> Finding:
    document = catalogues.read(settings.catalogue)
    missing = {
        language: [text for text in catalogues.texts(document) if not words(language).has(text)]
        for language in languages()
    }
    lacking = [f"{language}: {texts[0]!r}" for language, texts in missing.items() if texts]
    if lacking:
        return Finding("languages", well=False, said="The catalogue has texts without words. " + "; ".join(lacking))
    return Finding("languages", well=True, said=", ".join(languages()))


def _phones(catalogue: Catalogue) -> Finding:
    """Checks the numbers for owners in danger: the shipped sample's ring nowhere."""
    named = {"": catalogue.estate.phones} | {f" of {phones.estate}": phones for phones in catalogue.phones}
    missing = [f"{key}{whose}" for whose, phones in named.items() for key in phones.missing()]
    if missing:
        said = f"Not given: {', '.join(missing)}. Write them in the catalogue, under [estate] phones."
        return Finding("telephone numbers", well=False, said=said)
    samples = [f"{key}{whose}" for whose, phones in named.items() for key in phones.samples()]
    said = f"still the sample's, please write your own: {', '.join(samples)}" if samples else "given"
    return Finding("telephone numbers", well=True, said=said)


def _people(desk: Desk) -> Finding:
    supervisors = desk.session.exec(select(Person).where(col(Person.supervises).is_(True))).all()
    reachable = [person for person in supervisors if person.reachable]
    if not reachable:
        advice = "No supervisor can be reached. Run `concierge invite supervisor --name …` and have the link opened."
        return Finding("supervisors", well=False, said=advice)
    return Finding("supervisors", well=True, said=", ".join(person.name for person in reachable))


def _managers(desk: Desk) -> Finding:
    managers = desk.session.exec(select(Person).where(col(Person.manages).is_(True))).all()
    reachable = [person for person in managers if person.reachable]
    if not reachable:
        advice = (
            "No property manager can be reached: what a supervisor does not answer goes no further. "
            "Run `concierge invite manager --name …` and have the link opened."
        )
        return Finding("managers", well=False, said=advice, is_advice=True)
    return Finding("managers", well=True, said=", ".join(person.name for person in reachable))


def _inbox(desk: Desk) -> Finding:
    failed = desk.session.exec(
        select(InboxUpdate)
        .where(InboxUpdate.state == InboxState.FAILED, col(InboxUpdate.received_at) > desk.now - RECENT)
        .order_by(col(InboxUpdate.update_id).desc())
    ).all()
    if failed:
        listed = "; ".join(f"{row.update_id} ({row.error})" for row in failed[:LISTED])
        return Finding("inbox", well=False, said=f"{len(failed)} updates were set aside: {listed}. Please report them.")
    return Finding("inbox", well=True, said="nothing set aside lately")


def _outbox(desk: Desk) -> Finding:
    dead = _messages(
        desk,
        OutboxMessage.state == OutboxState.DEAD,
        col(OutboxMessage.created_at) > desk.now - RECENT,
        col(OutboxMessage.announcement_id).is_(None),  # those are counted where the announcement's progress is
    )
    if dead:
        said = f"{len(dead)} messages could not be delivered: {_listed(dead)}. Please tell these people in person."
        return Finding("outbox", well=False, said=said)
    waiting = _messages(desk, OutboxMessage.state == OutboxState.WAITING)
    stubborn = [row for row in waiting if row.attempts >= STUBBORN]
    if stubborn:
        said = f"{len(stubborn)} messages fail again and again: {_listed(stubborn)}. Is Telegram in trouble?"
        return Finding("outbox", well=False, said=said)
    return Finding("outbox", well=True, said=f"{len(waiting)} waiting")


def _messages(desk: Desk, *conditions: Any) -> list[OutboxMessage]:
    return list(desk.session.exec(select(OutboxMessage).where(*conditions).order_by(col(OutboxMessage.id).desc())))


def _listed(rows: list[OutboxMessage]) -> str:
    return "; ".join(f"{row.id} to {row.chat_id} ({row.error})" for row in rows[:LISTED])


def _timers(desk: Desk) -> Finding:
    def count(*conditions: Any) -> int:
        return desk.session.exec(select(func.count()).select_from(Timer).where(*conditions)).one()

    failed = count(col(Timer.state) == TimerState.FAILED)
    late = count(col(Timer.state) == TimerState.WAITING, col(Timer.due_at) < desk.now - LATE)
    if late:
        return Finding("timers", well=False, said=f"{late} timers are overdue: is `concierge run` running?")
    if failed:
        return Finding("timers", well=False, said=f"{failed} timers were set aside. Please report them.")
    return Finding("timers", well=True, said=f"{count(col(Timer.state) == TimerState.WAITING)} waiting")


def _groups(desk: Desk) -> Finding:
    """Reports the groups that deny the bot rights for its work."""
    found = [(trouble, staff.chats_at(desk, trouble.chat_id)) for trouble in chat_troubles.all_open(desk)]
    listed = [
        f"“{chats[0].title}”: {_barred(trouble)} since {trouble.since:%Y-%m-%d %H:%M} UTC"
        for trouble, chats in found
        if chats
    ]
    if not listed:
        return Finding("groups", well=True, said="nothing stands in the way")
    said = f"{'; '.join(listed[:LISTED])}. Give the bot its rights back there; what waits follows by itself."
    return Finding("groups", well=False, said=said)


def _barred(trouble: ChatTrouble) -> str:
    return BARRED.get(trouble.cause) or f"the bot may not send {trouble.cause.replace('_', ' ')}"


def _refusals(desk: Desk) -> Finding:
    found = refusals.often_refused(desk, desk.now - RECENT)
    if not found:
        return Finding("refusals", well=True, said="nobody was refused often lately")
    listed = "; ".join(f"{telegram_id} ({count} times)" for telegram_id, count in found[:LISTED])
    said = f"{len(found)} accounts often tried what they may not: {listed}. The table `refusals` says what."
    return Finding("refusals", well=True, said=said)


def _signs_of_life(desk: Desk, machine_now: datetime) -> Finding:
    silent = watchdog.silent_parts(desk, machine_now)
    if silent:
        since = "; ".join(f"{part} since {at:%Y-%m-%d %H:%M} UTC" for part, at in silent)
        return Finding("signs of life", well=False, said=f"Standing still: {since}. Is `concierge run` running?")
    return Finding("signs of life", well=True, said="nothing stands still")


async def _at_telegram(api: BotApi, settings: Settings, installation: Installation | None) -> AsyncIterator[Finding]:
    try:
        me = await api.call("getMe")
        updates = await _updates(api, settings)
    except BotApiError as error:
        said = f"The token is not accepted ({error.description}): get the right one from @BotFather."
        yield Finding("server", well=False, said=said)
        return
    except WireError as error:
        said = f"{settings.api_url} does not answer ({error}). Check CONCIERGE_API_URL and the network."
        yield Finding("server", well=False, said=said)
        return
    yield Finding("server", well=True, said=f"{settings.api_url} knows @{me['username']}")
    yield updates
    if installation is not None:
        with installation.desk() as desk:
            chats = list(desk.session.exec(select(StaffChat).order_by(col(StaffChat.id))))
        if not chats:
            said = "There is none. Add the bot to the staff's group; there, a supervisor sends /staffchat."
            yield Finding("staff chats", well=False, said=said)
        for chat in chats:
            yield await _staff_chat(api, int(me["id"]), chat)


async def _updates(api: BotApi, settings: Settings) -> Finding:
    info = await api.call("getWebhookInfo")
    url = info.get("url", "")
    if url and info.get("last_error_message"):
        said = f"Telegram cannot reach the webhook: {info['last_error_message']}."
        return Finding("updates", well=False, said=said)
    if url != (settings.webhook_url or ""):
        said = "Telegram has another webhook than the settings say: `concierge run` puts that right when it starts."
        return Finding("updates", well=False, said=said)
    way = "webhook" if url else "long polling"
    return Finding("updates", well=True, said=f"{way}, {info.get('pending_update_count')} waiting at Telegram")


async def _staff_chat(api: BotApi, bot_id: int, chat: StaffChat) -> Finding:
    what = f"staff chat {chat.team}"
    try:
        status = (await api.call("getChatMember", chat_id=chat.chat_id, user_id=bot_id))["status"]
    except (BotApiError, WireError) as error:
        if HIDDEN in str(error).lower():
            said = f"“{chat.title}” hides its members: make the bot an administrator there, so that it knows the staff."
            return Finding(what, well=False, said=said)
        said = f"“{chat.title}” cannot be seen ({error}). Add the bot to it again and send /staffchat there."
        return Finding(what, well=False, said=said)
    if status in {"left", "kicked"}:
        return Finding(what, well=False, said=f"The bot is not in “{chat.title}” any more. Add it and send /staffchat.")
    if status != "administrator":
        said = f"Make the bot an administrator of “{chat.title}”, so that it sees who joins and leaves."
        return Finding(what, well=False, said=said)
    return Finding(what, well=True, said=f"“{chat.title}”, the bot is administrator")
