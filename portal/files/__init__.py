"""Files that people give us: looked at before they are kept, named by us, and kept outside the database."""
