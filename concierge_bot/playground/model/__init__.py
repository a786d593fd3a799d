"""The state of a Telegram: accounts, chats, messages, rights."""
