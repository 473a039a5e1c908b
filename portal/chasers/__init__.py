"""Chasers: a letter in the morning about the registers that were left open."""
