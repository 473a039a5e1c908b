"""The append-only record of every change, and of who has seen what is behind a wall."""
