"""Which update goes to which handler, and what it says of its sender."""
