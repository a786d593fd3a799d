"""Formatted text and keyboards: parsing and rendering."""
