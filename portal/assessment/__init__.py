"""Evidence, criteria, and internal quality assurance."""
