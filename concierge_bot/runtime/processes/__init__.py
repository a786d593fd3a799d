"""Keeps several processes, their event loops and their tasks in order."""
