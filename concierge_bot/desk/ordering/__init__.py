"""Puts a request together with its owner, by taps and by words."""
