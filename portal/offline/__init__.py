"""Registers in a hall without signal: what a phone may keep, and marks that arrive later, each once."""
