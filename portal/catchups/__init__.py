"""Missed sessions that are made up for: who owes one, until when, and the time that was booked."""
