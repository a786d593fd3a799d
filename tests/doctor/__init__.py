"""Tests of `concierge doctor`, and of what keeps the other commands from their work."""
