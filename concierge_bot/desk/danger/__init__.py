"""Finds danger in what owners say, and sends somebody."""
