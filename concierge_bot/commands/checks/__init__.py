"""The checks of `concierge doctor`, by what they look at; each returns what it found."""
