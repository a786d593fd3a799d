"""Lists and figures for the staff and their superiors."""
