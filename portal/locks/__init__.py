"""What is done once, and what one worker at a time may do."""
