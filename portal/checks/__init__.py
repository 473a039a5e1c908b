"""DBS checks and agreements: what must hold before somebody works with people."""
