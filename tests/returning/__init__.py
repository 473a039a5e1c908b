"""Coming back to an application."""
