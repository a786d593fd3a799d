"""The cards about a request, and the messages beneath them."""
