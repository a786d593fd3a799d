"""The life of a request: placed, claimed, escalated, done, closed."""
