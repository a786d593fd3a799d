"""Keeps an installation in order: estates, failures, cleaning, signs of life."""
