"""Updates of every kind that Telegram may send, and of kinds that it never would: none stops the concierge."""
