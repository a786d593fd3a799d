"""Upgrades of an estate of an earlier release to today's program."""
