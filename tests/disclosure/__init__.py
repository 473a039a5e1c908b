"""Tests of the disclosure package."""
