"""Understands what people write: numbers, names, courtesies, danger."""
