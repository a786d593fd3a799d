"""The playground's page: by hand over HTTP, and in a browser with the real bot behind it."""
