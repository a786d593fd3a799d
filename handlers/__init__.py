"""Conversations: each handler parses an update, calls one use case of the desk and says what to show."""
