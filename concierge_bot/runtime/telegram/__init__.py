"""The Bot API: calls, and the rates that Telegram allows."""
