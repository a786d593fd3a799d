"""Lists of owners as they come out of spreadsheets and other programs."""
