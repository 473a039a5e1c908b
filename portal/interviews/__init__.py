"""The interview, its scorecard, and the provisional offer."""
