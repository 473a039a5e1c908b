"""Tests of the correspondence package."""
