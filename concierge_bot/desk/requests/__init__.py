"""Requests and drafts: their states, answers, promises and history."""
