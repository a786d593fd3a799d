"""What an estate of an earlier release brings along when it gets today's program."""
