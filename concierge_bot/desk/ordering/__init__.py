"""The ordering of a request with its owner, by taps and by words."""
