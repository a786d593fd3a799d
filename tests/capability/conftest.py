"""Excludes the example from collection: its tests run in a copy of the program that it is added to."""

collect_ignore = ["example"]
