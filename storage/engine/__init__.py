"""Runs units of work on SQLite and PostgreSQL."""
