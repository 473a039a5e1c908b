"""DBS checks: what must hold before somebody works with people."""
