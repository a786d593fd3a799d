"""Sign-offs and follow-ups after the work, until each is settled."""
