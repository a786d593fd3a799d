"""Observability: logs, metrics, signs of life."""
