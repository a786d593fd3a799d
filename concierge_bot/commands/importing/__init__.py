"""Lists of owners, as spreadsheets and other programs write them."""
