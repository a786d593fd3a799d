"""Tests of roles: given, ended, and on several estates."""
