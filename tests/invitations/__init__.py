"""Tests of invitations that superiors make in Telegram."""
