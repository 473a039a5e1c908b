"""Tests of the references package."""
