"""Tests of roles that end, and of what they leave open."""
