"""The first page for each role, and their work lists."""
