"""Sees a request through: placed, claimed, escalated, done, closed."""
