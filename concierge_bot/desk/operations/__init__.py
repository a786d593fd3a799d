"""The maintenance of an installation: estates, failures, cleaning, heartbeats."""
