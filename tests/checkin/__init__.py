"""Tests of the checkin package."""
