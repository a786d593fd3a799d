"""Keeps the chats of the teams, with their boards."""
