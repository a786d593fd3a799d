"""Lost property: what was found is kept, and handed back."""
