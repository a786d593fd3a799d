"""Takes what waits in the outbox to Telegram, and notes what became of it."""
