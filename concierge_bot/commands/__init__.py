"""The commands of the command line beside running the bot."""
