"""Invitations that superiors make in Telegram: a link to forward, and a QR code to be scanned."""
