"""Problems of users: each has a test named after it, which failed before the fix."""
