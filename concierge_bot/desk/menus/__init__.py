"""Menus, commands and help: the next steps that a person can take."""
