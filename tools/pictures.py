"""Takes the README's pictures: the real page with the real bot, in Chromium: `python -m tools.pictures`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Browser, Locator, Page, ViewportSize, expect

from concierge_bot.demo.estate import Estate
from concierge_bot.demo.server import SAMPLE_PHOTO, open_page
from tests.page.browser import chromium
from tests.page.hands import Hand

PLACE = Path(__file__).parent.parent / "docs" / "pictures"
WIDE = ViewportSize(width=1440, height=900)
NARROW = ViewportSize(width=390, height=844)
LIFETIME = 6_000  # milliseconds after which toasts and banners are gone


async def main() -> None:
    """Plays a morning on the estate, and photographs it."""
    PLACE.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        async with open_page(Path(folder)) as estate, chromium() as browser:
            page = await _opened(browser, estate, WIDE)
            hands = {key: Hand(page, person.id) for key, person in estate.cast.people.items()}
            await _two_ask(hands)
            await _phone(browser, estate, "li", "staff-card", top="claim:")
            await _nobody_comes(page, hands)
            await _phone(browser, estate, "chen", "supervisor-card")
            await _somebody_comes(hands)
            await page.wait_for_timeout(LIFETIME)
            await _save(page, "overview-light")
            await page.emulate_media(color_scheme="dark", reduced_motion="reduce")
            await _save(page, "overview-dark")
            await _phone(browser, estate, "wang", "owner-chinese")
            await _what_is_in_hand(hands)
            await _phone(browser, estate, "li", "board", chat="Maintenance")
            await _phone(browser, estate, "li", "own-work", chat="Villa Concierge")
            await _gas(hands)
            await _phone(browser, estate, "smith", "owner-danger")


async def _opened(browser: Browser, estate: Estate, size: ViewportSize, scale: int = 1) -> Page:
    page = await browser.new_page(
        viewport=size, device_scale_factor=scale, color_scheme="light", reduced_motion="reduce"
    )
    await page.goto(estate.telegram.api_url)
    await page.locator("html[data-ready]").wait_for()
    return page


async def _two_ask(hands: dict[str, Hand]) -> None:
    """Lets two owners ask for something, and a butler take the one request."""
    wang, smith = hands["wang"], hands["smith"]
    await smith.asks("/menu", "service:shoe_shine")
    for data in ("service:shoe_shine", "…:3", "…:soon", "…:skip", "send:"):
        await smith.taps(data)
    await hands["anna"].taps("claim:")
    await wang.asks("/menu", "service:repair")
    await wang.taps("service:repair")
    await wang.taps("…:water")
    await wang.taps("…:minor")
    await wang.lacks("…:minor")
    await wang.writes("厨房的水龙头一直在滴水")
    await wang.has("…:skip")
    await wang.phone.locator('input[type="file"]').set_input_files(SAMPLE_PHOTO)
    await expect(wang.log.locator('.key[data-data$=":skip"]')).to_have_count(2)
    for data in ("…:skip", "…:soon", "send:"):
        await wang.taps(data)
    await hands["li"].has("claim:")
    await expect(hands["li"].log.locator("img.picture")).to_be_visible()


async def _nobody_comes(page: Page, hands: dict[str, Hand]) -> None:
    """Turns the clock until the team is reminded of the other request, and the supervisor is told."""
    for _ in range(2):
        await page.get_by_role("button", name="+5 min").click()
        await hands["li"].sees("⏰")
    await hands["chen"].has("take:")


async def _somebody_comes(hands: dict[str, Hand]) -> None:
    """Lets the engineer take the request and arrive on site."""
    await hands["ben"].opens("Maintenance")
    await hands["li"].taps("claim:")
    await hands["li"].taps("onsite:")
    await hands["li"].lacks("onsite:")
    await hands["wang"].sees("Li Qiang")


async def _what_is_in_hand(hands: dict[str, Hand]) -> None:
    """Lets the engineer ask for a list of their own, beside the board of the group."""
    await hands["li"].sees("📌")
    await hands["li"].opens("Villa Concierge")
    await hands["li"].writes("/my")
    await hands["li"].sees("request in hand")


async def _gas(hands: dict[str, Hand]) -> None:
    """Lets an owner tap Gas and read what to do."""
    await hands["smith"].asks("/menu", "service:repair")
    await hands["smith"].taps("service:repair")
    await hands["smith"].taps("…:gas")
    await hands["smith"].has("send:")


async def _phone(
    browser: Browser, estate: Estate, key: str, name: str, *, top: str | None = None, chat: str | None = None
) -> None:
    """Photographs a single phone, as the page shows it on a narrow screen, from the button `top` downward."""
    page = await _opened(browser, estate, NARROW, scale=2)
    person = estate.cast.people[key]
    await page.get_by_role("button", name=f"Phone of {person.name}").click()
    hand = Hand(page, person.id)
    if chat is not None:
        await hand.opens(chat)
    if top is not None:
        await hand.key(top).evaluate("key => key.closest('.item').scrollIntoView({ block: 'start' })")
    await _save(page, name, hand.phone.locator(".frame"))
    await page.close()


async def _save(page: Page, name: str, part: Locator | None = None) -> None:
    await page.mouse.move(0, 0)
    await page.evaluate("document.activeElement?.blur()")
    await page.wait_for_timeout(800)
    await (part or page).screenshot(path=PLACE / f"{name}.png")


if __name__ == "__main__":
    asyncio.run(main())
