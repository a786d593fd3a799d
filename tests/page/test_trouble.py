"""Breaking things on the page, and seeing that nothing gets lost."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.page.conftest import Hands
from tests.page.hands import PATIENCE, becomes, figure, orders_repair


async def test_telegram_goes_down_and_comes_back(page: Page, hands: Hands) -> None:
    smith = hands["smith"]
    down = page.get_by_role("button", name="Telegram is down")
    await down.click()
    await expect(down).to_have_attribute("aria-pressed", "true")
    await page.wait_for_timeout(1000)
    await smith.writes("/menu")
    await becomes(page, "updates", 1)
    count = await smith.log.locator(".other").count()
    await down.click()
    await becomes(page, "updates", 0)
    await expect(smith.log.locator(".other")).to_have_count(count + 1, timeout=PATIENCE)


async def test_too_many_requests_lose_nothing(page: Page, hands: Hands) -> None:
    busy = page.get_by_role("button", name="Answers 429")
    await busy.click()
    await expect(busy).to_have_attribute("aria-pressed", "true")
    smith = hands["smith"]
    count = await smith.log.locator(".other").count()
    await smith.writes("/menu")
    await page.wait_for_timeout(1500)
    await busy.click()
    await expect(busy).to_have_attribute("aria-pressed", "false")
    await expect(smith.log.locator(".other")).to_have_count(count + 1, timeout=PATIENCE)
    await orders_repair(smith, "The bell is silent")
    await hands["li"].sees("The bell is silent")


async def test_a_redelivered_update_changes_nothing(page: Page, hands: Hands) -> None:
    await orders_repair(hands["smith"], "The lamp is dark")
    await hands["li"].has("claim:")
    await page.get_by_role("button", name="Redeliver the last update").click()
    await becomes(page, "updates", 0)
    await page.wait_for_timeout(1000)
    assert await figure(page, "requests") == 1
    await expect(hands["li"].log.get_by_text("The lamp is dark")).to_have_count(1)
