"""Self-disclosure, behind a wall of its own."""
