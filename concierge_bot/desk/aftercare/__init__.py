"""Asks whether it was well done, until that is settled."""
