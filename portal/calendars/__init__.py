"""Everybody's own dates in their own calendar: a secret address to follow, and single dates to take along."""
