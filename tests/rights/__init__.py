"""Who may do what: the table of rights, its walk, and its page."""
