"""What waits for staff, as lines of work on their start page."""
