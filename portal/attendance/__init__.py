"""Registers, catch-up, and the figures that come of them."""
