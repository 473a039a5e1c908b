"""Marks that make themselves: learners checking in by a code that rotates, and a meeting's list of who joined."""
