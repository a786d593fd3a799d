"""One portable archive for both engines: written from one consistent snapshot, checked, restored as a whole."""
