"""An offer, a kind no, a withdrawal, and what was undone."""
