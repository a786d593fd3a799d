"""The use cases of the concierge: public functions, plain and synchronous, over an open unit of work.

Nothing here knows Telegram, reads a clock of its own, or commits.
"""
