"""The organisations, the areas they serve, and what each has settled by setting."""
