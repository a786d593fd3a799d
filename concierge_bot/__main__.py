"""`python -m concierge_bot`."""

from concierge_bot.cli import main

main()
