"""Tests of the support package."""
