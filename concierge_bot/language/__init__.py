"""Understanding of what people write: numbers, names, courtesies, danger."""
