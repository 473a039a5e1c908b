"""A rehearsal: a whole invented scheme, played through the same services that the pages call."""
