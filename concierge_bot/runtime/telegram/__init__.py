"""Speaks the Bot API, at the rates that it allows."""
