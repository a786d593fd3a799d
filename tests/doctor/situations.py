"""The broken situations of an operator's life: what is made, and the one line by which each is named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlmodel import SQLModel

from concierge_bot.clocks import Clock
from concierge_bot.commands.checks.finding import Mark
from concierge_bot.desk.operations import bots, service_alarms
from concierge_bot.desk.operations.bots import BotAccount
from concierge_bot.desk.operations.service_alarms import Alarm
from concierge_bot.i18n import SOURCE_LANGUAGE, languages
from concierge_bot.playground import Fault, FaultKind
from concierge_bot.runtime.telegram.bot_api import BotApi
from storage.tables.groups import Cause, ChatTrouble
from storage.tables.queues import Heartbeat, InboxState, InboxUpdate, OutboxMessage, OutboxState, Timer, TimerState
from tests.doctor.scene import (
    SHIPPED,
    Scene,
    Trouble,
    another_estate,
    catalogue,
    file,
    own_catalogue,
    rows,
    setting,
    sql,
)
from tests.runtime.harness import free_port, routine, until

LASTING, PASSING = 78, 1


@dataclass(frozen=True)
class Situation:
    """What is broken, and how it is named."""

    make: Trouble
    check: str
    """The check of `concierge doctor` that names it, and what of it."""
    said: str
    """The beginning of its sentence; {here} is the folder of the commands."""
    mark: Mark = Mark.WRONG
    run: int | None = None
    """The status with which `concierge run` refuses; None where it goes on duty all the same."""
    run_says: str | None = None
    """The beginning of its line, where that is not the doctor's sentence."""


def _message(**facts: object) -> OutboxMessage:
    return routine(-5, datetime.now(UTC), "hello", **facts)


def _unread_hours(scene: Scene) -> None:
    own_catalogue("Villa Estate", SHIPPED)(scene)
    Path("mine.toml").write_text(
        Path("mine.toml")
        .read_text(encoding="utf-8")
        .replace('team = "maintenance"\nweek', 'team = "maintenance"\nestate = "Villa Estate"\nweek', 1),
        encoding="utf-8",
    )


def _late(state: TimerState = TimerState.WAITING) -> Timer:
    due = datetime.now(UTC) - timedelta(minutes=2)
    return Timer(key="k", kind="escalate", subject_id=1, due_at=due, state=state)


def _failed_update() -> InboxUpdate:
    return InboxUpdate(
        update_id=1,
        chat_id=1,
        kind="message",
        payload={},
        state=InboxState.FAILED,
        received_at=datetime.now(UTC),
        error="KeyError at handlers.owner:1",
    )


def _silent_clock() -> SQLModel:
    return Heartbeat(part="clock", at=datetime.now(UTC) - timedelta(hours=1))


def _garbage(scene: Scene) -> None:
    scene.home.telegram.faults.add(Fault(FaultKind.GARBAGE))


def _wrong_clock(scene: Scene) -> None:
    scene.home.telegram.ahead = timedelta(minutes=5)


def _no_groups(scene: Scene) -> None:
    scene.home.telegram.bot.joins_groups = False


async def _foreign_webhook(scene: Scene) -> None:
    async with BotApi(scene.home.telegram.token, scene.home.telegram.api_url) as api:
        await api.call("setWebhook", url=f"http://127.0.0.1:{free_port()}/other")


async def _unreachable_webhook(scene: Scene) -> None:
    url = f"http://127.0.0.1:{free_port()}/x"
    scene.home.set(webhook_url=url, webhook_secret="s" * 16)
    async with BotApi(scene.home.telegram.token, scene.home.telegram.api_url) as api:
        await api.call("setWebhook", url=url)
        await scene.house.owners[0].writes("hello")
        world = scene.home.telegram._world
        await until(lambda: world.webhook.last_error)


def _alarm(alarm: Alarm) -> Trouble:
    def make(scene: Scene) -> None:
        with scene.home.books.desk(Clock()) as desk:
            service_alarms.raise_alarm(desk, alarm)

    return make


def _of_another_bot(scene: Scene) -> None:
    with scene.home.books.desk(Clock()) as desk:
        bots.remember(desk, BotAccount(123123123, "former_bot"))


def _folder(scene: Scene) -> None:
    Path("concierge.d").mkdir()
    scene.home.set(database_url="sqlite:///concierge.d")


def _empty(scene: Scene) -> None:
    Path("new.sqlite").touch()
    scene.home.set(database_url="sqlite:///new.sqlite")


def _muted(scene: Scene) -> None:
    since = datetime(2026, 6, 15, 4, tzinfo=UTC)
    scene.home.books.add(ChatTrouble(cause=Cause.MUTED, chat_id=scene.house.group.id, since=since))


async def _not_administrator(scene: Scene) -> None:
    await scene.house.group.demote_bot()


async def _removed(scene: Scene) -> None:
    await scene.house.group.remove_bot()


async def _supergroup(scene: Scene) -> None:
    await scene.house.group.migrate()


def _gone(scene: Scene) -> None:
    for table in ("staff_chats", "memberships"):
        scene.sql(f"UPDATE {table} SET chat_id = -77 WHERE chat_id = {scene.house.group.id}")


def _many_texts(scene: Scene) -> None:
    scene.catalogue("How many pieces?", "How many odd socks?")
    mine = Path("mine.toml")
    mine.write_text(mine.read_text().replace('label = "People"', 'label = "Odd guests"', 1))


TOKEN_SAID = "CONCIERGE_BOT_TOKEN is missing: it should look like 123456789:AAE…, as @BotFather gives it."
URL_SAID = "CONCIERGE_DATABASE_URL is wrong: "
REFUSED = "Telegram does not accept the token of CONCIERGE_BOT_TOKEN (401 Unauthorized): get the right one from"
OF_MAINTENANCE = "chat_id = (SELECT chat_id FROM staff_chats WHERE team = 'maintenance')"
NO_ANSWER = "http://127.0.0.1:9 does not answer ("
LACKING = [
    f"{language}: 'How many odd socks?', 'Odd guests'" for language in languages() if language != SOURCE_LANGUAGE
]
SITUATIONS: dict[str, Situation] = {
    # Settings
    "no token": Situation(setting(bot_token=None), "token", TOKEN_SAID, run=LASTING),
    "settings in UTF-16": Situation(
        file(".env", "CONCIERGE_BOT_TOKEN=1:AAAA".encode("utf-16")),
        "settings",
        "{here}/.env is not in UTF-8: save it as UTF-8.",
        run=LASTING,
    ),
    "another driver": Situation(
        setting(database_url="postgresql+psycopg2://u:hush@h/n"),
        "settings",
        URL_SAID + "the concierge has no driver “psycopg2”: write postgresql://… without one.",
        run=LASTING,
    ),
    "no number of seconds": Situation(
        setting(database_url="sqlite:///x.sqlite?timeout=abc"),
        "settings",
        URL_SAID + "?timeout= should be a number of seconds, such as ?timeout=5.",
        run=LASTING,
    ),
    "a port too high": Situation(
        setting(health_listen="127.0.0.1:99999"),
        "settings",
        "CONCIERGE_HEALTH_LISTEN is wrong: should look like 127.0.0.1:8080.",
        run=LASTING,
    ),
    # The catalogue
    "no catalogue": Situation(
        setting(catalogue="none.toml"),
        "settings",
        "CONCIERGE_CATALOGUE is wrong: should be the path of a TOML file.",
        run=LASTING,
    ),
    "a catalogue in another encoding": Situation(
        file("mine.toml", 'name = "Küche"'.encode("latin-1"), catalogue="mine.toml"),
        "catalogue",
        "The catalogue mine.toml is not in UTF-8: save it as UTF-8.",
        run=LASTING,
    ),
    "hours of an unknown team": Situation(
        catalogue('team = "maintenance"\nweek', 'team = "guards"\nweek'),
        "catalogue",
        "The catalogue mine.toml is wrong at opening.1.team: there is no team 'guards'.",
        run=LASTING,
    ),
    "texts without words": Situation(
        _many_texts,
        "languages",
        f"The catalogue has texts without words. {'; '.join(LACKING)}. Until they are in locales/,",
    ),
    "no telephone number": Situation(
        catalogue('service_centre = "+86 21 0000 0000", emergency = "110", ', ""),
        "telephone numbers",
        "Not given: service_centre, emergency. Write them in the catalogue, under [estate] phones.",
    ),
    "hours of an unknown estate": Situation(
        catalogue('team = "maintenance"\nweek', 'team = "maintenance"\nestate = "Seaside"\nweek'),
        "catalogue estates",
        "The catalogue speaks of an estate that is not there, at opening.1.estate: 'Seaside'. Write “",
    ),
    "telephones of an unknown estate": Situation(
        catalogue(
            "[rules]",
            '[[phones]]\nestate = "Seaside"\nemergency = "110"\nservice_centre = "5000"\ndoctors = "5001"\n\n[rules]',
        ),
        "catalogue estates",
        "The catalogue speaks of an estate that is not there, at phones.0.estate: 'Seaside'. Write “",
    ),
    "a catalogue of an unknown estate": Situation(
        own_catalogue("Seaside", SHIPPED),
        "catalogue estates",
        "sea.toml is the catalogue of “Seaside”, and there is no such estate: write “",
        run=LASTING,
    ),
    "hours in the common catalogue of an estate that has its own": Situation(
        _unread_hours,
        "catalogue estates",
        "Of estates with a catalogue of their own, the common one is not read, at opening.1.estate: 'Villa Estate'.",
        mark=Mark.ADVICE,
    ),
    "no catalogue of an estate": Situation(
        own_catalogue("Seaside", None),
        "catalogue",
        "Of “Seaside”: The catalogue sea.toml cannot be read: No such file or directory.",
        run=LASTING,
    ),
    "an unknown team in the catalogue of an estate": Situation(
        own_catalogue("Seaside", SHIPPED.replace('team = "maintenance"\nweek', 'team = "guards"\nweek', 1)),
        "catalogue",
        "Of “Seaside”: The catalogue sea.toml is wrong at opening.1.team: there is no team 'guards'.",
        run=LASTING,
    ),
    # The database
    "no folder": Situation(
        setting(database_url="sqlite:////no/such/folder/x.sqlite"),
        "database",
        "There is no folder /no/such/folder for the database of CONCIERGE_DATABASE_URL.",
        run=PASSING,
    ),
    "no database": Situation(
        setting(database_url="sqlite:///elsewhere.sqlite"),
        "database",
        "There is no database at {here}/elsewhere.sqlite: go to the concierge's folder, or set CONCIERGE_DATABASE_URL.",
    ),
    "an empty database": Situation(
        _empty, "database", "The database {here}/new.sqlite is empty: run `concierge migrate`."
    ),
    "a folder as database": Situation(
        _folder,
        "database",
        "{here}/concierge.d is a folder: CONCIERGE_DATABASE_URL should name a file.",
        run=PASSING,
    ),
    "another file as database": Situation(
        file("notes.txt", b"This is no database, however long one reads. " * 99, database_url="sqlite:///notes.txt"),
        "database",
        "The database {here}/notes.txt does not answer as it should: file is not a database.",
        run=PASSING,
    ),
    "no server of databases": Situation(
        setting(database_url="postgresql://u:hush@127.0.0.1:9/n"),
        "database",
        "The database postgresql://u@127.0.0.1:9/n does not answer as it should: connection failed: ",
        run=PASSING,
    ),
    "an older database": Situation(
        sql("UPDATE alembic_version SET version_num = '0001'"),
        "database",
        "The database has the older schema 0001: run `concierge migrate` to bring it up.",
        run=PASSING,
    ),
    "a newer database": Situation(
        sql("UPDATE alembic_version SET version_num = '9999'"),
        "database",
        "The database has the schema 9999 of a newer concierge: install that version.",
        run=LASTING,
    ),
    "another bot's database": Situation(
        _of_another_bot,
        "bot",
        "The database {database} belongs to @former_bot (123123123), and CONCIERGE_BOT_TOKEN is of the bot 987654321: ",
        run=LASTING,
    ),
    # The estates and their people
    "an unknown zone": Situation(
        sql("UPDATE estates SET timezone = 'Asia/Shangai'"),
        "estates",
        "“Villa Estate” is in the time zone 'Asia/Shangai', which this machine does not know.",
        run=LASTING,
    ),
    "an unknown language": Situation(
        sql("UPDATE estates SET language = 'tlh'"),
        "estates",
        f"“Villa Estate” speaks 'tlh', for which there are no words: {', '.join(languages())} have some.",
        run=LASTING,
    ),
    "an estate without villas": Situation(
        sql("UPDATE people SET villa_id = NULL", "DELETE FROM roles WHERE villa_id > 0", "DELETE FROM villas"),
        "villas",
        "None yet at “Villa Estate”: run `concierge import` or `concierge invite owner`.",
        Mark.ADVICE,
    ),
    "no supervisor": Situation(
        sql("UPDATE people SET blocked_at = joined_at WHERE supervises"),
        "supervisors",
        "No supervisor can be reached. Run `concierge invite supervisor --name …` and have the link opened.",
    ),
    "no supervisor of the second estate": Situation(
        another_estate(),
        "supervisors",
        "No supervisor can be reached at “Lakeside”. Run `concierge invite supervisor --estate … --name …`",
    ),
    "no manager": Situation(
        sql("UPDATE people SET left_at = joined_at, manages = false WHERE manages"),
        "managers",
        "No property manager can be reached: what a supervisor does not answer goes no further. Run ",
        Mark.ADVICE,
    ),
    "a backup that was never tried": Situation(
        sql("DELETE FROM installation_facts"),
        "restore drill",
        "No backup was ever restored on trial: `concierge restore --check FOLDER` tries the newest backup of a folder.",
        Mark.ADVICE,
    ),
    "nobody in a team": Situation(
        sql(f"UPDATE memberships SET left_at = since WHERE {OF_MAINTENANCE}"),
        "members",
        "Nobody is known to work in “Workshop”: add the team to the group; who is in it sends a word there.",
    ),
    "a team without a chat of its own": Situation(
        sql("DELETE FROM staff_chats WHERE team = 'maintenance'"),
        "teams",
        "No chat of their own have Maintenance: what is theirs goes to “Butlers”. A supervisor sends /staffchat in",
        Mark.ADVICE,
    ),
    "no staff chat": Situation(
        sql("DELETE FROM staff_chats"),
        "staff chats",
        "There is none. Add the bot to the staff's group; there, a supervisor sends /staffchat.",
    ),
    # The groups
    "a bot that is no administrator": Situation(
        _not_administrator,
        "staff chat butlers",
        "Make the bot an administrator of “Butlers”, so that it sees who joins and leaves.",
    ),
    "a bot that was removed": Situation(
        _removed,
        "staff chat butlers",
        "The bot is not in “Butlers” any more. Add it and send /staffchat.",
    ),
    "a group that became a supergroup": Situation(
        _supergroup,
        "staff chat butlers",
        "“Butlers” became a supergroup, which has another number: the concierge follows at its next message there.",
    ),
    "a group that is gone": Situation(
        _gone,
        "staff chat butlers",
        "“Butlers” cannot be seen (getChatMember: 400 Bad Request: chat not found). Add the bot to it again and",
    ),
    "a bot that may not write": Situation(
        _muted,
        "groups",
        "“Butlers”: the bot may not write since 2026-06-15 04:00 UTC. Give the bot its rights back there;",
    ),
    # Telegram
    "a refused token": Situation(
        setting(bot_token="987654321:AAAAAA"),
        "server",
        "The token is not accepted (Unauthorized): get the right one from @BotFather.",
        run=LASTING,
        run_says=REFUSED,
    ),
    "no way to Telegram": Situation(setting(api_url="http://127.0.0.1:9"), "server", NO_ANSWER),
    "no answer of Telegram's": Situation(_garbage, "server", "http://127.0.0.1:"),
    "somebody else's webhook": Situation(
        _foreign_webhook,
        "updates",
        "Telegram brings updates to 127.0.0.1, which is not what the settings say: `concierge run` puts that right",
    ),
    "a webhook that was never set": Situation(
        setting(webhook_url="https://example.com/x", webhook_secret="x" * 16),
        "updates",
        "Telegram waits to be asked for updates, which is not what the settings say: `concierge run` puts that right",
    ),
    "a webhook out of reach": Situation(_unreachable_webhook, "updates", "Telegram cannot reach the webhook: "),
    "a second poller": Situation(
        _alarm(Alarm.TWO_POLLERS),
        "alarms",
        "Another program polls with this token: stop it, or have @BotFather revoke the token (since ",
    ),
    "a wrong clock": Situation(_wrong_clock, "clock", "This machine's clock is "),
    "a bot that may be added to no group": Situation(
        _no_groups, "bot", "It cannot be added to groups: have @BotFather allow it, in /setjoingroups.", Mark.ADVICE
    ),
    # What waits
    "an update set aside": Situation(
        rows(_failed_update), "inbox", "1 updates were set aside: 1 (KeyError at handlers.owner:1). Please report"
    ),
    "a dead message": Situation(
        rows(lambda: _message(state=OutboxState.DEAD, error="gone")),
        "outbox",
        "1 messages could not be delivered: 1 to -5 (gone). Please tell these people in person.",
    ),
    "a stubborn message": Situation(
        rows(lambda: _message(attempts=7, error="NetworkError")),
        "outbox",
        "1 messages fail again and again: 1 to -5 (NetworkError). Is Telegram in trouble?",
    ),
    "a late timer": Situation(rows(_late), "timers", "1 timers are overdue: is `concierge run` running?"),
    "a failed timer": Situation(
        rows(lambda: _late(state=TimerState.FAILED)), "timers", "1 timers were set aside. Please report them."
    ),
    "a clock that stands still": Situation(rows(_silent_clock), "signs of life", "Standing still: clock since "),
}
