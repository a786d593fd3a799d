"""Writes to all owners at once."""
