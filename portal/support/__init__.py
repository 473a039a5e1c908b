"""What somebody needs so that they can take part: a learner's plan, and who must not share a group with whom."""
