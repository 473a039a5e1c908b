"""Everything that was said to one person, what is for us to pass on, and whom nobody has spoken to."""
