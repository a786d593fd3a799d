"""Reads and renders formatted text and keyboards."""
