"""Forms of address: how people are spoken to, spoken of and written to, by the rules of each language."""
