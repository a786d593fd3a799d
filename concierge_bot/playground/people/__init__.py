"""People who write, tap and see."""
