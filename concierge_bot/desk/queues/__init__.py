"""Keeps what waits: updates, messages, timers."""
