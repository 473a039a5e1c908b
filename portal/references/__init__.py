"""References, asked for and answered by a one-time link."""
