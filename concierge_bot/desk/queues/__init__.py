"""The queues: updates, messages, timers."""
