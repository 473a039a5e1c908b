"""The stage of the rehearsal, and the opening of its scheme."""
