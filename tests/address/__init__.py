"""Forms of address and the order of names."""
