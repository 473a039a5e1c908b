"""Registers: who was there, marked in the hall, at home without signal, or from paper."""
