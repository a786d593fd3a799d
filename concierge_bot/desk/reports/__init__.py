"""Lists and counts for the staff and their superiors."""
