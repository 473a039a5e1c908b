"""Tests of the interviews package."""
