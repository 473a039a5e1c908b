"""First hellos, practitioners, times for talks, somebody twice on the list: what goes on around an application."""
