"""Joining, and the facts that people tell of themselves."""
