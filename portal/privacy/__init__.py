"""What we hold, why, and for how long."""
