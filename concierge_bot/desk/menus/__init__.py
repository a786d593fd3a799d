"""Shows what a person can do next: menus, commands, help."""
