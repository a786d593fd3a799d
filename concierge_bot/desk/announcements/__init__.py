"""Announcements to many owners at once."""
