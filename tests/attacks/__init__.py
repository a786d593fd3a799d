"""Attacks as tables: who tries what, what they read, what is kept of it; and that nothing else changes."""
