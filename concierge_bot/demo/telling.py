"""Phones in the terminal: a person's messages, with the buttons under them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from rich.console import Console, Group
from rich.panel import Panel
from rich.text import Text

from concierge_bot.playground.model.messages import Message
from concierge_bot.playground.model.taps import TapAnswer
from concierge_bot.playground.people.screens import Screen

WIDTH = 56
"""A narrow phone's, in letters."""


class Teller:
    """A teller of the story, who shows phones on the way."""

    def __init__(self, console: Console, zone: ZoneInfo) -> None:
        """Sets the output; `zone` is the estate's, for the times of messages."""
        self._console, self._zone = console, zone

    def chapter(self, title: str) -> None:
        """Prints the title of a new part of the story."""
        self._console.print()
        self._console.rule(f"[bold]{title}", align="left")

    def says(self, text: str) -> None:
        """Prints a sentence of the story."""
        self._console.print(Text(f"\n{text}"))

    def phone(self, whose: str, screen: Screen | Message, messages: int = 1) -> None:
        """Prints a person's phone: the newest messages of a chat, or one message."""
        shown = [screen] if isinstance(screen, Message) else screen.screen()[-messages:]
        bubbles = [self._bubble(message) for message in shown]
        self._console.print(Panel(Group(*bubbles), title=f"📱 {whose}", title_align="left", width=WIDTH))

    def answer(self, whose: str, answer: TapAnswer) -> None:
        """Prints the pop-up that answers a tap."""
        self._console.print(Text(f"   💬 {whose} reads at once: “{answer.text}”", style="italic"))

    def _bubble(self, message: Message) -> Text:
        text = Text()
        text.append(f"{message.sender.name}  {message.date.astimezone(self._zone):%H:%M}\n", style="dim")
        text.append(message.text)
        for row in message.buttons:
            text.append("\n")
            for button in row:
                text.append(f" {button.text} ", style="reverse")
                text.append(" ")
        return text
