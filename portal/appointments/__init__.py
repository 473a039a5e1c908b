"""Times at which a talk can be held, and an applicant who chooses one, says that they come, or that they cannot."""
