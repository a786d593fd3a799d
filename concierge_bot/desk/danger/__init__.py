"""Danger in owners' messages: it is found, and somebody is sent."""
