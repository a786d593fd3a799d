"""The dispatch of updates to handlers, and the facts about their senders."""
