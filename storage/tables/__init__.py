"""All tables. Importing one of them imports those that it refers to."""

from storage.tables import registry

__all__ = ["registry"]
