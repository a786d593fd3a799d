"""Answers whether the program is well: to systemd, and over HTTP."""
