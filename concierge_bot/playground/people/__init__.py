"""Lets people write, tap and see."""
