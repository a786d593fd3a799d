"""Appointments at the time that an owner wished for, and their changes."""
