"""A course run in a place: its dates, its trainers, the people on it."""
