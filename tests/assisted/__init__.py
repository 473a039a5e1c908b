"""Applications that somebody types for another person."""
