"""Reads the catalogue: services, teams, hours, rules."""
