"""The catalogue: services, teams, hours, rules."""
