"""What users ran into: a test named after each, that failed before it was mended."""
