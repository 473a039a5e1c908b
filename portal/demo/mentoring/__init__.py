"""Approval, active duty, breaks and goodbyes."""
