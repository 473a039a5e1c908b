"""The next version of a course while it is written: brought in from files or typed, checked, published."""
