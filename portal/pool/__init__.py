"""Readiness, approval to active duty, and the active pool."""
