"""Writes the cards about a request, and tells whoever must know of it."""
