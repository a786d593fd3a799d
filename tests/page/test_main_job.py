"""The whole main job, by clicking in the page."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from concierge_bot.demo.estate import Estate
from concierge_bot.demo.server import SAMPLE_PHOTO
from tests.page.conftest import Hands
from tests.page.hands import PATIENCE, becomes, figure, orders_repair


async def test_from_the_menu_to_the_follow_up(page: Page, hands: Hands) -> None:
    wang, ben, li = hands["wang"], hands["ben"], hands["li"]
    await ben.opens("Maintenance")
    await wang.asks("/menu", "service:repair")
    await wang.taps("service:repair")
    await wang.taps("…:water")
    await wang.taps("…:minor")
    await wang.lacks("…:minor")
    await wang.writes("厨房的水龙头一直在滴水")
    await wang.has("…:skip")
    await wang.phone.locator('input[type="file"]').set_input_files(SAMPLE_PHOTO)
    await expect(wang.log.locator("img.picture")).to_have_js_property("naturalWidth", 800, timeout=PATIENCE)
    await wang.taps("…:skip")
    await wang.taps("…:soon")
    await wang.taps("send:")
    await expect(wang.toast).to_contain_text("#1", timeout=PATIENCE)

    await li.sees("厨房的水龙头一直在滴水")
    await expect(li.log.locator("img.picture")).to_be_visible(timeout=PATIENCE)
    await ben.has("claim:")
    both = [await hand.key("claim:").element_handle() for hand in (li, ben)]
    await page.evaluate("keys => keys.forEach(key => key.click())", both)  # before either hears of the other
    await expect(li.toast).to_be_visible(timeout=PATIENCE)
    await expect(ben.toast).to_be_visible(timeout=PATIENCE)
    assert await li.toast.inner_text() != await ben.toast.inner_text()
    await becomes(page, "claims", 1)
    winner = li if "Li Qiang" in await ben.toast.inner_text() else ben
    name = "Li Qiang" if winner is li else "Ben"
    await wang.sees(name)

    await winner.taps("onsite:")
    await winner.lacks("onsite:")
    await winner.taps("done:")
    await winner.lacks("done:")
    assert await figure(page, "requests") == 1
    for _ in range(2):
        await page.get_by_role("button", name="+1 day").click()
    await page.get_by_role("button", name="+5 min").click()
    await wang.has("followup:1:yes")
    await wang.taps("followup:1:yes")
    await wang.lacks("followup:")
    await expect(page.locator('[data-figure="claims"]')).to_contain_text("1/1", timeout=PATIENCE)


async def test_what_nobody_claims_goes_up(page: Page, hands: Hands) -> None:
    chen = hands["chen"]
    await orders_repair(hands["smith"], "The boiler is cold")
    await hands["li"].has("claim:")
    before = await page.locator(".big-time").inner_text()
    await page.get_by_role("button", name="To the next timer").click()
    await hands["li"].sees("⏰")
    assert await page.locator(".big-time").inner_text() != before
    await expect(chen.key("take:")).to_have_count(0)
    await page.get_by_role("button", name="To the next timer").click()
    await chen.sees("The boiler is cold")
    await chen.taps("take:")
    await hands["smith"].sees("Ms Chen")


async def test_killed_in_the_middle_and_started_again(page: Page, hands: Hands, estate: Estate) -> None:
    smith, li = hands["smith"], hands["li"]
    await orders_repair(smith, "The gate does not close")
    await li.taps("claim:")
    await li.has("done:")
    await page.get_by_role("button", name=re.compile("Kill the bot")).click()
    await expect(page.get_by_role("button", name="Start the bot")).to_be_visible(timeout=PATIENCE)
    assert not estate.bot.is_running
    await li.taps("done:")
    await expect(li.key("done:")).to_have_attribute("aria-busy", "true")
    await smith.writes("Is somebody on the way?")
    await becomes(page, "updates", 2)
    await page.get_by_role("button", name="Start the bot").click()
    await li.lacks("done:")
    await smith.has("service:")
    await becomes(page, "updates", 0)
    assert await figure(page, "requests") == 1
    await becomes(page, "outbox", 0)


async def test_the_tour_plays_to_its_end(page: Page, estate: Estate) -> None:
    await page.goto(f"{estate.telegram.api_url}/?pace=0.05")
    await page.locator("html[data-ready]").wait_for()
    await page.get_by_role("button", name="Guided tour").click()
    coach = page.get_by_role("complementary", name="Guided tour")
    await expect(coach).to_be_visible()
    await expect(coach).to_be_hidden(timeout=4 * PATIENCE)
    assert await page.locator(".notice").all_inner_texts() == []
    await expect(page.locator('[data-figure="claims"]')).to_contain_text("1/1", timeout=PATIENCE)
