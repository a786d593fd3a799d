"""The actions of a visitor on the page: look at a phone, write, tap."""

from __future__ import annotations

import re

from playwright.async_api import Locator, Page, expect

PATIENCE = 60_000  # milliseconds


class Hand:
    """A phone on the page, in the visitor's hand."""

    def __init__(self, page: Page, person_id: int) -> None:
        self._page = page
        self.phone = page.locator(f'section.phone[data-person="{person_id}"]')
        self.log = self.phone.get_by_role("log")
        self.toast = self.phone.locator(".toast")

    def key(self, data: str) -> Locator:
        """Returns the newest button whose data begin (or, written `…end`, end) so."""
        test = f'[data-data$="{data[1:]}"]' if data.startswith("…") else f'[data-data^="{data}"]'
        return self.log.locator(f".key{test}").last

    async def taps(self, data: str) -> None:
        """Taps such a button, once it is there."""
        await self.key(data).click(timeout=PATIENCE)

    async def writes(self, text: str) -> None:
        """Types a text and sends it."""
        box = self.phone.get_by_role("textbox")
        await box.fill(text)
        await box.press("Enter")

    async def asks(self, command: str, data: str) -> None:
        """Sends a command, and waits for a new message with such a button: an older one does not count."""
        before = await self.log.locator(f'.key[data-data^="{data}"]').count()
        await self.writes(command)
        await expect(self.log.locator(f'.key[data-data^="{data}"]')).to_have_count(before + 1, timeout=PATIENCE)

    async def opens(self, chat: str) -> None:
        """Switches to another chat."""
        await self.phone.get_by_role("tab", name=re.compile(chat)).click()

    async def sees(self, text: str) -> None:
        """Waits until the open chat shows a text."""
        await expect(self.log).to_contain_text(text, timeout=PATIENCE)

    async def has(self, data: str) -> None:
        """Waits until there is such a button."""
        await expect(self.key(data)).to_be_visible(timeout=PATIENCE)

    async def lacks(self, data: str) -> None:
        """Waits until there is no such button."""
        await expect(self.key(data)).to_have_count(0, timeout=PATIENCE)


async def figure(page: Page, key: str) -> int:
    """Returns the value of a counter."""
    return int(await page.locator(f'[data-figure="{key}"] b').inner_text())


async def becomes(page: Page, key: str, value: int) -> None:
    """Waits until a counter shows a value."""
    await expect(page.locator(f'[data-figure="{key}"] b')).to_have_text(str(value), timeout=PATIENCE)


async def orders_repair(hand: Hand, text: str) -> None:
    """Orders a repair, up to the tap on Send."""
    await hand.asks("/menu", "service:repair")
    await hand.taps("service:repair")
    await hand.taps("…:water")
    await hand.taps("…:minor")
    await hand.lacks("…:minor")
    await hand.writes(text)
    await hand.taps("…:skip")
    await hand.taps("…:soon")
    await hand.taps("send:")
