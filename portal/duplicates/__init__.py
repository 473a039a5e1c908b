"""People who are on the list twice: found, put together, parted again."""
