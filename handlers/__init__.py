"""Handlers: each parses an update, calls one use case of the desk, and returns what to show."""
