"""Agreements, tested."""
