"""The demonstration: the real bot as a process of its own, people who play the estate, and a Telegram on loopback."""
