"""Shows what the program does: logs, metrics, signs of life."""
