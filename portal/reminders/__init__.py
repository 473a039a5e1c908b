"""Chasing references: reminders on their days, addresses that did not work, and the list of what waits."""
