"""Sends the messages of the outbox to Telegram, and records the outcomes."""
