"""Cohorts, registers, assessment and certificates."""
