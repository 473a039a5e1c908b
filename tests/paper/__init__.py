"""The form on paper, from the blank one to an application."""
