"""The processes of an installation, their event loops and their tasks."""
