"""Lost property: items are found, stored, and handed back."""
