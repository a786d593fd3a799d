"""A Telegram concierge for the owners of villas."""
