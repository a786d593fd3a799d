"""What a concierge does. A public function is a use case: plain, synchronous, over an open unit of work.

Nothing here knows Telegram, reads a clock of its own, or commits.
"""
