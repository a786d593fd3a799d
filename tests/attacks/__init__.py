"""Attacks as tables: the attempt, the answer, the record; each also checks that nothing else changes."""
