"""Roles that end: by whom, whom it is told, and what becomes of what they leave open."""
