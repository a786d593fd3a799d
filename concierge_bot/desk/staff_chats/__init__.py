"""The chats of the teams, with their boards."""
