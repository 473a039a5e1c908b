"""What goes on around the sessions of the course that runs now."""
