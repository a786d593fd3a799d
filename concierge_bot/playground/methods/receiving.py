"""Methods by which the bot gets its updates."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from concierge_bot.playground.errors import bad_request
from concierge_bot.playground.model.world import World
from concierge_bot.playground.server.parameters import Arguments
from concierge_bot.playground.server.webhook import WebhookSettings

Json = dict[str, Any]

SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
LOOPBACK = frozenset({"127.0.0.1", "localhost"})
DEFAULT_CONNECTIONS = 40


def get_updates(world: World, arguments: Arguments) -> Awaitable[list[Any]]:
    """Implements `getUpdates`."""
    if not world.queue.webhook_active:
        world.queue.choose(arguments.get("allowed_updates"))
    return world.queue.poll(arguments.get("offset", 0), arguments.get("limit", 100), arguments.get("timeout", 0))


def set_webhook(world: World, arguments: Arguments) -> bool:
    """Implements `setWebhook`: an empty address removes it.

    Unlike Telegram, the playground takes plain http, and this machine only.
    """
    url = arguments["url"]
    if not url:
        return delete_webhook(world, arguments)
    address = urlsplit(url)
    if address.scheme not in {"http", "https"} or address.hostname not in LOOPBACK:
        raise bad_request("bad webhook: the playground reaches http://127.0.0.1 and localhost only")
    secret = arguments.get("secret_token")
    if secret is not None and not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    connections = arguments.get("max_connections", DEFAULT_CONNECTIONS)
    if not 1 <= connections <= 100:
        raise bad_request("max_connections must be between 1 and 100")
    if arguments.get("drop_pending_updates"):
        world.queue.clear()
    world.queue.choose(arguments.get("allowed_updates"))
    world.queue.webhook_active = True
    world.queue.interrupt("terminated by setWebhook request")
    world.webhook.start(WebhookSettings(url, secret, connections), world.queue.pending())
    return True


def delete_webhook(world: World, arguments: Arguments) -> bool:
    """Implements `deleteWebhook`."""
    world.webhook.stop()
    world.queue.webhook_active = False
    if arguments.get("drop_pending_updates"):
        world.queue.clear()
    return True


def get_webhook_info(world: World, arguments: Arguments) -> Json:  # noqa: ARG001
    """Implements `getWebhookInfo`."""
    settings = world.webhook.settings
    info: Json = {
        "url": settings.url if settings else "",
        "has_custom_certificate": False,
        "pending_update_count": world.queue.waiting,
    }
    if settings:
        info |= {"max_connections": settings.max_connections, "ip_address": "127.0.0.1"}
    if world.webhook.last_error:
        info |= {"last_error_message": world.webhook.last_error}
        info |= {"last_error_date": world.timestamp()}
    if world.queue.chosen:
        info["allowed_updates"] = world.queue.chosen
    return info


def log_out(world: World, arguments: Arguments) -> bool:  # noqa: ARG001
    """Implements `logOut` and `close`: there is nothing to do."""
    return True


METHODS: dict[str, Callable[[World, Arguments], Any]] = {
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "logOut": log_out,
    "close": log_out,
}
