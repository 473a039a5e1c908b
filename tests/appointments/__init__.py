"""Tests of times for talks."""
