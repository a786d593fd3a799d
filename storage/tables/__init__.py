"""Holds every table: each knows those that it refers to, whoever imports one of them."""

from storage.tables import registry

__all__ = ["registry"]
