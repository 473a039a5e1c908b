"""Each scorer scores on their own; nobody reads a sheet before all are in; then what was agreed is written down."""
