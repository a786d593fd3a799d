"""Has people join, and keeps what they tell about themselves."""
