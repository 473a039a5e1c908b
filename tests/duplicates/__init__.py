"""People who are on the list twice."""
