"""Intake, delivery and clock: three parts that meet only in the database, and the one place that puts them together."""
