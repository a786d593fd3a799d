"""The told story: a day and a half on the estate, with the real bot, in a minute."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from concierge_bot.demo.estate import Estate, button, open_estate
from concierge_bot.demo.telling import Teller
from concierge_bot.playground.model.messages import Message
from concierge_bot.playground.model.taps import TapAnswer
from concierge_bot.playground.people.people import Person
from concierge_bot.playground.people.screens import Screen

PATIENCE = 60.0


class Story:
    """The scenes of the story, each built on the one before."""

    def __init__(self, estate: Estate, teller: Teller) -> None:
        self._estate, self._tell = estate, teller
        people = estate.cast.people
        self._wang, self._smith = people["wang"], people["smith"]
        self._anna, self._ben, self._li, self._chen = people["anna"], people["ben"], people["li"], people["chen"]
        self._butlers, self._maintenance = estate.cast.groups["butlers"], estate.cast.groups["maintenance"]

    async def tell(self) -> None:
        """Tells the whole story. Raises TimeoutError where the bot does not do what the story says."""
        await self._two_owners_order()
        await self._two_butlers_race()
        await self._a_repair_is_done()
        await self._the_bot_is_killed()
        await self._nobody_takes_it()
        await self._the_repair_is_followed_up()

    async def _two_owners_order(self) -> None:
        self._tell.chapter("Two owners, two languages")
        self._tell.says("王先生 of villa 8 has a dripping tap. He reads Chinese.")
        await self._menu(self._wang)
        await self._tap(self._wang, "service:repair")
        await self._tap(self._wang, ":water")
        await self._tap(self._wang, ":minor")
        await self._question(self._wang)
        await self._wang.writes("主卧浴室水龙头滴水")
        await self._tap(self._wang, ":skip")
        await self._tap(self._wang, ":soon")
        summary, _ = await self._find(self._wang, "send:")
        self._tell.phone("王先生", summary)
        answer = await self._tap(self._wang, "send:")
        self._tell.answer("王先生", answer)
        card, _ = await self._find(self._maintenance, "claim:")
        self._tell.says("The request is in the maintenance group a moment later:")
        self._tell.phone("Maintenance group", card)

        self._tell.says("Mr Smith of villa 3 wants his shoes shined. He reads English.")
        await self._menu(self._smith)
        await self._tap(self._smith, "service:shoe_shine")
        await self._tap(self._smith, ":3")
        await self._tap(self._smith, ":soon")
        await self._tap(self._smith, ":skip")
        await self._tap(self._smith, "send:")
        card, _ = await self._find(self._butlers, "claim:")
        self._tell.phone("Butlers group", card)

    async def _two_butlers_race(self) -> None:
        self._tell.chapter("Two butlers tap at the same moment")
        card, claim = await self._find(self._butlers, "claim:")
        answers = await asyncio.gather(self._anna.taps_data(card, claim), self._ben.taps_data(card, claim))
        for name, answer in zip(("Anna", "Ben"), answers, strict=True):
            self._tell.answer(name, answer)
        await self._changes(card, "🔵")
        self._tell.phone("Butlers group", card)
        self._tell.says("Mr Smith sees who comes:")
        self._tell.phone("Mr Smith", await self._changes(self._smith.last, "Taken by"))

    async def _a_repair_is_done(self) -> None:
        self._tell.chapter("A repair, from the claim to the last word")
        await self._tap(self._li, "claim:", self._maintenance)
        self._estate.clock.turn(timedelta(minutes=4))
        await self._tap(self._li, "onsite:", self._maintenance)
        self._estate.clock.turn(timedelta(minutes=25))
        await self._tap(self._li, "done:", self._maintenance)
        self._tell.says("Li Qiang is done. For a minute he could take that back; then 王先生 is told.")
        await self._find(self._maintenance, "undo:")
        self._estate.clock.turn(timedelta(minutes=1))
        card = next(message for message in self._wang.screen() if "#1 " in message.text)
        await self._changes(card, "✓ 已完成")
        self._tell.says("Li Qiang took it, was there after four minutes, and is done. 王先生 saw every step:")
        self._tell.phone("王先生", card)
        question, good = await self._find(self._wang, "sign:")
        self._tell.says("And he is asked to sign for it:")
        self._tell.phone("王先生", question)
        await self._wang.taps_data(question, good, PATIENCE)

    async def _the_bot_is_killed(self) -> None:
        self._tell.chapter("The bot is killed (kill -9) while Mr Smith orders")
        await self._menu(self._smith)
        await self._tap(self._smith, "service:mail")
        await self._tap(self._smith, ":collect")
        await self._tap(self._smith, ":2")
        await self._tap(self._smith, ":skip")
        await self._tap(self._smith, ":skip")
        await self._tap(self._smith, ":soon")
        summary, send = await self._find(self._smith, "send:")
        await self._estate.bot.kill()
        self._tell.says("It is dead. Mr Smith taps Send all the same …")
        await self._smith.taps_data(summary, send, wait=False)
        await self._estate.start_bot()
        card, _ = await self._find(self._butlers, "claim:")
        self._tell.says("… and as soon as the bot is back, his request is in the butlers' group. Nothing was lost:")
        self._tell.phone("Butlers group", card)

    async def _nobody_takes_it(self) -> None:
        self._tell.chapter("Nobody takes it")
        self._estate.clock.turn(timedelta(minutes=10, seconds=5))
        await self._newer(self._butlers, "⏰")
        self._tell.says("After ten minutes, the group is reminded. After five more, the supervisor is told:")
        self._tell.phone("Butlers group", self._butlers)
        self._estate.clock.turn(timedelta(minutes=5, seconds=5))
        alarm, _ = await self._find(self._chen, "assign:")
        self._tell.phone("Ms Chen, supervisor", alarm)
        await self._tap(self._chen, "assign:")
        await self._tap(self._chen, "assignto:")
        self._tell.says("She assigns it, and the butler is told by name:")
        self._tell.phone("Butlers group", await self._newer(self._butlers, "👉"))

    async def _the_repair_is_followed_up(self) -> None:
        self._tell.chapter("Two days later")
        self._estate.clock.turn(timedelta(days=2))
        question, yes = await self._find(self._wang, "followup:")
        self._tell.says("Every repair is followed up, in the owner's language:")
        self._tell.phone("王先生", question)
        await self._wang.taps_data(question, yes, PATIENCE)
        await self._estate.telegram.until(lambda: yes not in _data_of(question), PATIENCE)
        self._tell.phone("王先生", question)
        self._tell.says("The answer is kept, with its time and person. That is the main job.")

    async def _tap(self, person: Person, end_or_beginning: str, screen: Screen | None = None) -> TapAnswer:
        message, data = await self._find(screen or person, end_or_beginning)
        return await person.taps_data(message, data, PATIENCE)

    async def _find(self, screen: Screen, sign: str) -> tuple[Message, str]:
        """Waits for the newest button whose data begin (or, from a colon on, end) with `sign`."""

        def found() -> tuple[Message, str] | None:
            return button_ending(screen, sign) if sign.startswith(":") else button(screen, sign)

        return await self._estate.telegram.until(found, PATIENCE)

    async def _menu(self, person: Person) -> None:
        await person.writes("/menu")
        await self._estate.telegram.until(lambda: "service:" in str(person.screen()[-1].buttons), PATIENCE)

    async def _question(self, person: Person) -> None:
        """Waits for the question that wants words: its message has no choices."""
        await self._estate.telegram.until(lambda: button_ending(person, ":minor") is None, PATIENCE)

    async def _changes(self, message: Message, sign: str) -> Message:
        await self._estate.telegram.until(lambda: sign in message.text, PATIENCE)
        return message

    async def _newer(self, screen: Screen, sign: str) -> Message:
        def found() -> Message | None:
            last = screen.screen()[-1]
            return last if sign in last.text else None

        return await self._estate.telegram.until(found, PATIENCE)


def button_ending(screen: Screen, end: str) -> tuple[Message, str] | None:
    """Returns a chat's newest message and the data of its button that end with `end`; None if it has no such button."""
    message = screen.screen()[-1]
    for row in message.buttons:
        for one in row:
            if one.data is not None and one.data.endswith(end):
                return message, one.data
    return None


def _data_of(message: Message) -> list[str | None]:
    """Returns the callback data of a message's buttons, None for other buttons."""
    return [one.data for row in message.buttons for one in row]


async def tell(console: Console) -> None:
    """Tells the story in a terminal, then leaves nothing behind."""
    console.print("An estate moves in: the real bot, a Telegram on this machine's loopback, six people with phones …")
    with TemporaryDirectory(prefix="concierge-story-") as folder:
        async with open_estate(Path(folder)) as estate:
            await Story(estate, Teller(console, estate.clock.zone)).tell()
