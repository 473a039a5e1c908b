"""Tests of the reminders package."""
