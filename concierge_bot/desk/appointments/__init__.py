"""Keeps to the time that an owner wished for, and changes it."""
