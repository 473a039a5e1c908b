"""`make bench`: how quick the portal is, beside the least that the same work can cost, measured in one run."""

PASSWORD = "harbour walnut seventeen"
