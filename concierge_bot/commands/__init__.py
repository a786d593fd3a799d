"""Does what the command line offers beside running the bot."""
