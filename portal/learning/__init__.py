"""A learner's own page of their course: what comes next, what was missed, and how far they are."""
