"""Applications on paper: printed, filled in by hand, kept, and typed in beside the scan."""
