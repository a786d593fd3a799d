"""The people of an estate: names, roles, duty, rights."""
