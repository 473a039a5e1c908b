"""When the sessions of a course are, and who is told when that changes."""
