"""The commands as they are typed, a module for each concept; what they do is in `concierge_bot/commands/`."""

from concierge_bot.cli.app import app, main

__all__ = ["app", "main"]
