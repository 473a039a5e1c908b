"""A name and one way to reach somebody: the first hello, and our answer to it."""
