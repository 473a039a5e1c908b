"""The public page, and the application: one thing at a time, saved as they go."""
