"""Takes updates in, by polling or by webhook, and handles each exactly once."""
