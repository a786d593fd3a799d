"""The health of the program, for systemd and over HTTP."""
