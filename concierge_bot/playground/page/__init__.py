"""The playground's web page: everybody's phone side by side, a clock to turn, and things to break.

page = Page()
async with WatchedPlayground(routes=page.routes) as telegram, page.open(telegram, stage):
    ...  # the page is at telegram.api_url
"""

from __future__ import annotations

from concierge_bot.playground.page.page import Page
from concierge_bot.playground.page.stage import BotState, Counter, Invitation, Role, Stage, Status, Turn
from concierge_bot.playground.page.watched import WatchedPlayground

__all__ = ["BotState", "Counter", "Invitation", "Page", "Role", "Stage", "Status", "Turn", "WatchedPlayground"]
