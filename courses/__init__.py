"""What a course is and how it is passed: no web framework, no database, no people."""
