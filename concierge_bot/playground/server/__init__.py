"""Serves the Bot API over HTTP."""
