"""The roles of people: given, ended, and what follows from those in force."""
