"""What must be in place before a place is confirmed: met one by one or several at once."""
