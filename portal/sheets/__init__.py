"""What is on paper or read aloud on the night: the printed register, and the roll-call after an alarm."""
