"""Recommendations, tested."""
