"""Takes updates in, by polling or by webhook, and has each done once."""
