"""Moving a running cohort to another version of its course: a decision, with its differences before it."""
